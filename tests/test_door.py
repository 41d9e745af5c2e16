"""The public door of the package: what it names is there, documented, typed and loaded late."""

import ast
import inspect
import json
import subprocess
import sys
from pathlib import Path

import pytest

import sikap

SOURCE = Path(sikap.__file__).read_text(encoding="utf-8")
RECIPES = Path(__file__).parent.parent / "scripts"
# Every module of the package is imported before the names are read: a subpackage of the same name
# would stand in front of the function by then.
LOAD_ALL = """
import importlib, json, pkgutil, sikap
for module in pkgutil.walk_packages(sikap.__path__, "sikap."):
    if module.name != "sikap.__main__" and not module.name.startswith("sikap.distributed"):
        importlib.import_module(module.name)
print(json.dumps({name: type(getattr(sikap, name)).__name__ for name in sikap.__all__}))
"""


def test_every_name_is_no_module_after_all_modules_are_imported() -> None:
    done = subprocess.run(
        [sys.executable, "-c", LOAD_ALL], capture_output=True, text=True, check=True
    )
    kinds = json.loads(done.stdout)
    assert list(kinds) == sikap.__all__
    assert {kind for name, kind in kinds.items() if name[0].islower()} == {"function"}
    assert {kind for name, kind in kinds.items() if name[0].isupper()} <= {"type", "StructMeta"}


def test_names_are_sorted_and_those_that_type_checkers_see() -> None:
    (checked,) = (
        node
        for node in ast.parse(SOURCE).body
        if isinstance(node, ast.If) and ast.unparse(node.test) == "TYPE_CHECKING"
    )
    imported = [
        alias.name
        for node in checked.body
        if isinstance(node, ast.ImportFrom)
        for alias in node.names
    ]
    assert sikap.__all__ == sorted(imported)


@pytest.mark.parametrize("name", sikap.__all__)
def test_a_public_name_is_documented_and_typed(name: str) -> None:
    value = getattr(sikap, name)
    assert inspect.getdoc(value)
    if inspect.isfunction(value):
        signature = inspect.signature(value)
        assert signature.return_annotation is not inspect.Signature.empty
        assert all(
            parameter.annotation is not inspect.Parameter.empty
            for parameter in signature.parameters.values()
        )


def test_a_name_that_is_not_there_is_an_attribute_error() -> None:
    with pytest.raises(AttributeError, match="module 'sikap' has no attribute 'ingest'"):
        _ = sikap.ingest  # type: ignore[attr-defined]


@pytest.mark.parametrize("recipe", ["make_records", "annotate_round", "release"])
def test_a_recipe_uses_the_door_and_nothing_behind_it(recipe: str) -> None:
    tree = ast.parse((RECIPES / f"{recipe}.py").read_text(encoding="utf-8"))
    modules = {
        node.module for node in ast.walk(tree) if isinstance(node, ast.ImportFrom) and node.module
    }
    assert {module for module in modules if module.startswith("sikap")} <= {"sikap"}
