"""Tables of ratings as hypothesis makes them: cells missing, values unused, units rated once."""

from hypothesis import strategies as st

Row = tuple[str, str, str]


class Table:
    """Rows, the scale that was declared, and the cluster of each item."""

    def __init__(self, rows: list[Row], scale: list[str], clusters: dict[str, str]) -> None:
        self.rows = rows
        self.scale = scale
        self.clusters = clusters

    def __repr__(self) -> str:
        return f"Table({self.rows!r}, {self.scale!r}, {self.clusters!r})"


@st.composite
def tables(draw: st.DrawFn, *, fewest: int = 1) -> Table:
    """Up to nine items and four annotators; each cell is empty or holds a value of the scale."""
    scale = draw(st.sampled_from((["0"], ["0", "1"], ["1", "2", "3"], ["0", "1", "2.5", "7"])))
    used = draw(st.lists(st.sampled_from(scale), min_size=1, unique=True))
    items = draw(st.integers(fewest, 9))
    annotators = draw(st.integers(2, 4))
    cell = st.one_of(st.none(), st.sampled_from(used), st.sampled_from(used))
    width = items * annotators
    cells = draw(st.lists(cell, min_size=width, max_size=width))
    rows = [
        (f"i{place // annotators}", f"a{place % annotators}", value)
        for place, value in enumerate(cells)
        if value is not None
    ]
    homes = draw(st.lists(st.integers(0, 3), min_size=items, max_size=items))
    clusters = {f"i{number}": f"c{home}" for number, home in enumerate(homes)}
    return Table(rows, scale, clusters)
