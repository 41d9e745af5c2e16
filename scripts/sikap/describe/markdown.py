"""Tables of figures as Markdown."""

from collections.abc import Iterable, Sequence


def table(heads: Sequence[str], rows: Iterable[Sequence[object]]) -> str:
    """A table, each line with its line end."""
    lines = [heads, ["---"] * len(heads), *rows]
    # A bar in a label would end its cell, a line break in a licence its table.
    cells = (
        (" ".join(str(cell).replace("|", r"\|").splitlines()) for cell in line) for line in lines
    )
    return "".join(f"| {' | '.join(line)} |\n" for line in cells)
