"""What importing sikap pulls in: nothing slow, and nothing that is not asked for."""

import json
import subprocess
import sys

import pytest

LIST = """
import json, sys
before = set(sys.modules)
import {module}
print(json.dumps(sorted(set(sys.modules) - before)))
"""
GROUND = {"msgspec", "typing_extensions", "defusedxml", "filelock"}
CHECKING = {"attr", "attrs", "jsonschema", "jsonschema_rs", "jsonschema_specifications"} | {
    *("referencing", "rpds", "idna", "rfc3339_validator", "webcolors", "fqdn", "uri_template"),
}


def pulled_in(module: str) -> set[str]:
    """Names of all modules that an import adds to a fresh interpreter."""
    code = LIST.format(module=module)
    ran = subprocess.run(
        [sys.executable, "-I", "-c", code], capture_output=True, text=True, check=True
    )
    return set(json.loads(ran.stdout))


def foreign(modules: set[str]) -> set[str]:
    """Top-level packages that are neither ours nor of the standard library.

    What Cython puts beside the modules it compiled has a name of its version.
    """
    roots = {name.partition(".")[0] for name in modules if "cython" not in name}
    return roots - set(sys.stdlib_module_names) - {"sikap"}


def test_the_package_alone_pulls_in_nothing() -> None:
    assert pulled_in("sikap") == {"sikap"}


def test_the_command_pulls_in_click_and_its_own_room_only() -> None:
    modules = pulled_in("sikap.cli")
    assert foreign(modules) - {"colorama"} == {"click"}
    ours = {name for name in modules if name.startswith("sikap.")}
    assert {name for name in ours if not name.startswith("sikap.cli")} == {"sikap.version"}


@pytest.mark.parametrize(
    ("module", "allowed"),
    [
        ("sikap.errors", GROUND),
        ("sikap.records", GROUND),
        ("sikap.labelling_config.scheme", GROUND),
        ("sikap.storage.files", GROUND),
        ("sikap.project", GROUND),
        ("sikap.settings", GROUND),
        ("sikap.rounds.planning.plan", GROUND),
        ("sikap.rounds.settle", GROUND),
        ("sikap.label_studio.wire.tasks", GROUND),
        ("sikap.storage.schemas", GROUND | CHECKING),
        ("sikap.release.publish.locations", GROUND),
        # Thresholds of agreement are judged when rounds are settled.
        ("sikap.steps.rounds.settle", GROUND | CHECKING | {"numpy"}),
        ("sikap.steps.rounds.annotators", GROUND | CHECKING),
        ("sikap.steps.init", GROUND | CHECKING),
    ],
)
def test_the_lower_floors_and_quick_steps_pull_in_nothing_slow(
    module: str, allowed: set[str]
) -> None:
    assert foreign(pulled_in(module)) <= allowed
