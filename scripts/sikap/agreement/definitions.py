"""The definitions of all figures, as reports, cards and thresholds name them.

`definitions.toml` holds them. A passage that several definitions share stands there once.
"""

import tomllib
from importlib.resources import files

from sikap.agreement.report import Definition


def read_definitions() -> dict[str, Definition]:
    """The definitions by coefficient, in the order of the file."""
    content = tomllib.loads((files("sikap.agreement") / "definitions.toml").read_text("utf-8"))
    passages, sources = content["passages"], content["sources"]
    return {
        coefficient: Definition(
            title=definition["title"],
            text=definition["text"].format_map(passages),
            source=definition["source"].format_map(sources),
        )
        for coefficient, definition in content["definitions"].items()
    }


DEFINITIONS = read_definitions()
"""By coefficient; a key is stable: thresholds, agreement.json and cards name figures by it."""
