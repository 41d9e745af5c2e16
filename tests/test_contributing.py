import re
import tomllib
from pathlib import Path

from sikap import __version__

ROOT = Path(__file__).parent.parent
PACKAGE = ROOT / "scripts" / "sikap"
TEXT = (ROOT / "CONTRIBUTING.md").read_text(encoding="utf-8")


def section(name: str) -> str:
    return TEXT.split(f"\n## {name}\n")[1].split("\n## ")[0]


def test_the_map_names_every_module_in_its_room_and_none_besides() -> None:
    named, there = dict[str, set[str]](), dict[str, set[str]]()
    for room, job in re.findall(r"^\| \d \| `([\w/]+)/` \| (.*) \|$", section("The map"), re.M):
        named[room] = set(re.findall(r"`(\w+)`", job))
        there[room] = {path.stem for path in (PACKAGE / room).glob("[a-z]*.py")}
    assert named == there


def test_the_map_names_every_module_beside_the_rooms() -> None:
    rows = re.findall(r"^\| \d \| (`.*?) \|", section("The map"), re.M)
    named = {name for row in rows for name in re.findall(r"`([\w/]+?)/?`", row)}
    inits = PACKAGE.glob("**/__init__.py")
    rooms = {str(path.parent.relative_to(PACKAGE)) for path in inits} - {"."}
    assert named == rooms | {path.stem for path in PACKAGE.glob("[a-z]*.py")}


def test_every_dependency_has_a_reason() -> None:
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    extras = project["optional-dependencies"]
    needed = [*project["dependencies"], *extras["baselines"], *extras["scale"]]
    names = {re.split(r"[>=[]", dependency)[0] for dependency in needed}
    assert set(re.findall(r"^\| ([a-z][\w-]+) \|", section("Dependencies"), re.M)) == names | {
        "package"
    }


def test_the_version_is_the_same_wherever_it_stands() -> None:
    changelog = (ROOT / "CHANGELOG.md").read_text(encoding="utf-8")
    newest = re.search(r"^## The tool\n\n### (.*)$", changelog, re.M)
    cited = re.search(r"^version: (.*)$", (ROOT / "CITATION.cff").read_text(encoding="utf-8"), re.M)
    assert newest is not None
    assert cited is not None
    assert newest[1] == cited[1] == __version__
