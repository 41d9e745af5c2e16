import re
import tomllib
from pathlib import Path

ROOT = Path(__file__).parent.parent
PACKAGE = ROOT / "scripts" / "sikap"
TEXT = (ROOT / "CONTRIBUTING.md").read_text(encoding="utf-8")


def section(name: str) -> str:
    return TEXT.split(f"\n## {name}\n")[1].split("\n## ")[0]


def test_the_map_names_every_module_in_its_room_and_none_besides() -> None:
    named, there = dict[str, set[str]](), dict[str, set[str]]()
    for room, job in re.findall(r"^\| \d \| `(\w+)/` \| (.*) \|$", section("The map"), re.M):
        named[room] = set(re.findall(r"`(\w+)`", job))
        there[room] = {path.stem for path in (PACKAGE / room).glob("[a-z]*.py")}
    assert named == there


def test_the_map_names_every_module_beside_the_rooms() -> None:
    rows = re.findall(r"^\| \d \| (`.*?) \|", section("The map"), re.M)
    named = {name for row in rows for name in re.findall(r"`(\w+)/?`", row)}
    rooms = {path.parent.name for path in PACKAGE.glob("*/__init__.py")}
    assert named == rooms | {path.stem for path in PACKAGE.glob("[a-z]*.py")}


def test_every_dependency_has_a_reason() -> None:
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    needed = [*project["dependencies"], *project["optional-dependencies"]["baselines"]]
    names = {re.split(r"[>=]", dependency)[0] for dependency in needed}
    assert set(re.findall(r"^\| ([a-z][\w-]+) \|", section("Dependencies"), re.M)) == names | {
        "package"
    }
