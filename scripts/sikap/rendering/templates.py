"""The templates of what people read: an unknown name in one is an error, never an empty place.

Tables of figures as Markdown.
"""

import base64
import hashlib
from collections.abc import Callable, Iterable, Sequence

from jinja2 import ChoiceLoader, Environment, PackageLoader, StrictUndefined, select_autoescape

ROOM = "sikap.rendering"
PALETTE = ("#0072b2", "#e69f00", "#009e73", "#cc79a7", "#56b4e9", "#d55e00", "#9467bd", "#8c6d31")
"""For labels without a colour; the first six are of Okabe and Ito, told apart by most eyes."""


def templates(room: str, finalize: Callable[[object], object] | None = None) -> Environment:
    """The templates of a room, after them those that all share; HTML escapes what it is given.

    ``finalize`` is what each expression goes through before it is escaped.
    """
    rooms = dict.fromkeys((room, ROOM))
    return Environment(
        loader=ChoiceLoader([PackageLoader(name) for name in rooms]),
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        keep_trailing_newline=True,
        autoescape=select_autoescape(("html.jinja",), default=False),
        finalize=finalize,
    )


def source(environment: Environment, *names: str) -> str:
    """The templates as they are written, one after the other."""
    if environment.loader is None:
        raise LookupError(names)
    return "".join(environment.loader.get_source(environment, name)[0] for name in names)


def csp_hash(text: str) -> str:
    """A hash as a Content Security Policy names the style or script that it lets through."""
    return "sha256-" + base64.b64encode(hashlib.sha256(text.encode()).digest()).decode()


def table(heads: Sequence[str], rows: Iterable[Sequence[object]]) -> str:
    """A table, each line with its line end."""
    lines = [heads, ["---"] * len(heads), *rows]
    # A bar in a label would end its cell, a line break in a licence its table.
    cells = (
        (" ".join(str(cell).replace("|", r"\|").splitlines()) for cell in line) for line in lines
    )
    return "".join(f"| {' | '.join(line)} |\n" for line in cells)
