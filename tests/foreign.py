"""What is compared in an export of a foreign Label Studio project."""

import json
from typing import Any

from sikap.agreement.tables.column_roles import TableRequest
from sikap.agreement.tables.table_study import Tabled
from sikap.label_studio.wire.exports import decode_export
from sikap.label_studio.wire.foreign_exports import read_foreign
from sikap.label_studio.wire.foreign_study import studied


def study(*tasks: Any, **options: Any) -> Tabled:
    export = read_foreign(decode_export(json.dumps(tasks).encode()), "export.json")
    return studied(export, TableRequest(**options), "export.json")
