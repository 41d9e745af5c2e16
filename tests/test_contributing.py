import ast
import re
import tomllib
from pathlib import Path

from sikap import __version__

ROOT = Path(__file__).parent.parent
PACKAGE = ROOT / "scripts" / "sikap"
TEXT = (ROOT / "CONTRIBUTING.md").read_text(encoding="utf-8")


def section(name: str) -> str:
    return TEXT.split(f"\n## {name}\n")[1].split("\n## ")[0]


def summary(module: Path) -> str:
    """The first paragraph of a module's docstring, as one line without its full stop."""
    docstring = ast.get_docstring(ast.parse(module.read_text(encoding="utf-8")))
    assert docstring, module
    return " ".join(docstring.split("\n\n")[0].split()).rstrip(".")


def test_the_map_says_of_each_room_what_its_docstring_says() -> None:
    rows = re.findall(r"^\| \d \| `([\w/]+)` \| (.*) \|$", section("The map"), re.M)
    rooms = {init.parent: summary(init) for init in PACKAGE.glob("*/**/__init__.py")}
    modules = {path: summary(path) for path in PACKAGE.glob("[a-z]*.py")}
    assert dict(rows) == {
        **{f"{room.relative_to(PACKAGE)}/": text for room, text in rooms.items()},
        **{path.stem: text for path, text in modules.items()},
    }


def test_the_map_names_the_floors_of_the_import_contract() -> None:
    tool = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["tool"]
    layers = tool["importlinter"]["contracts"][0]["layers"]
    floors = re.findall(r"^\| (\d) \| `(\w+)/?`", section("The map"), re.M)
    for floor, layer in enumerate(reversed(layers)):
        assert {room for number, room in floors if int(number) == floor} == set(layer.split(" : "))


def test_every_dependency_has_a_reason() -> None:
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    extras = project["optional-dependencies"]
    needed = [*project["dependencies"], *extras["baselines"], *extras["scale"]]
    names = {re.split(r"[>=[]", dependency)[0] for dependency in needed}
    text = (ROOT / "docs/decisions/dependencies.md").read_text(encoding="utf-8")
    assert set(re.findall(r"^\| ([a-z][\w-]+) \|", text, re.M)) == names | {"package"}


def test_the_version_is_the_same_wherever_it_stands() -> None:
    changelog = (ROOT / "CHANGELOG.md").read_text(encoding="utf-8")
    newest = re.search(r"^## The tool\n\n### (.*)$", changelog, re.M)
    cited = re.search(r"^version: (.*)$", (ROOT / "CITATION.cff").read_text(encoding="utf-8"), re.M)
    assert newest is not None
    assert cited is not None
    assert newest[1] == cited[1] == __version__
