"""Whoever clones this repository alone can run every test that is not in ``tests/reference``."""

import ast
import re
from collections.abc import Iterator
from pathlib import Path

TESTS = Path(__file__).parent
PATHS = re.compile(r"\.\./shared|\bshared/(data|seed|cases)|SIKAP_REFERENCE_DATA")


def uses_of_reference_data(source: str) -> Iterator[str]:
    """What in a module reaches for the reference data: an import, a path, the variable."""
    for node in ast.walk(ast.parse(source)):
        match node:
            case ast.ImportFrom(module=str(name)) | ast.alias(name=name) if (
                name.partition(".")[0] == "reference"
            ):
                yield f"import of {name}"
            case ast.BinOp(op=ast.Div(), right=ast.Constant(value="shared")):
                yield ast.unparse(node)
            case ast.Constant(value=str(text)) if PATHS.search(text):
                yield text


def test_uses_of_reference_data_are_seen() -> None:
    sources = {
        "import reference.files": "import of reference.files",
        "from reference.files import NEWS": "import of reference.files",
        "FOLDER = ROOT / 'shared' / 'seed'": "ROOT / 'shared'",
        "path = '../shared'": "../shared",
        "path = 'shared/seed/a.txt'": "shared/seed/a.txt",
        "os.environ['SIKAP_REFERENCE_DATA']": "SIKAP_REFERENCE_DATA",
    }
    assert {source: next(uses_of_reference_data(source)) for source in sources} == sources
    assert not list(uses_of_reference_data("plan('--blindness', 'shared'); x = shared / 2"))


def test_only_tests_of_their_own_folder_use_reference_data() -> None:
    modules = [
        path
        for path in TESTS.rglob("*.py")
        if path != Path(__file__) and TESTS / "reference" not in path.parents
    ]
    assert len(modules) > 200
    uses = {path.name: list(uses_of_reference_data(path.read_text("utf-8"))) for path in modules}
    assert {name: kinds for name, kinds in uses.items() if kinds} == {}
