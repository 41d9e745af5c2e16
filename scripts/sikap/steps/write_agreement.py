"""Write what agreement came to: agreement.json for programs, report.html for people."""

from pathlib import Path

import msgspec

from sikap.agreement.html.report_page import page
from sikap.agreement.report import AgreementReport
from sikap.errors import raise_if
from sikap.steps.project_files import AGREEMENT, PAGE
from sikap.storage import schemas
from sikap.storage.files import encode_json, write_bytes


def write_agreement(folder: Path, report: AgreementReport) -> bool:
    """Write the two files of a report of a round or a table; False where both stood so already.

    Equal reports give equal bytes. Raises InputError where the file system refuses, or where the
    report is not of the form that agreement.schema.json gives.
    """
    raise_if(schemas.check("agreement", [msgspec.to_builtins(report)], AGREEMENT))
    files = {AGREEMENT: encode_json(report), PAGE: page(report).encode()}
    changed = [write_bytes(folder / name, data) for name, data in files.items()]
    return any(changed)
