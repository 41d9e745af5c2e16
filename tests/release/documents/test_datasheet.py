import re

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from samples import DATASHEET, content
from sikap.errors import InputError
from sikap.release.data.statistics import facts
from sikap.release.data.tables import tables
from sikap.release.documents.datasheet import figure_blocks, render

BLOCKS = {"counts": "| 1 |\n", "kinds": "| 2 |\n"}
BLOCK = "<!-- sikap:counts -->\nold\n<!-- sikap:end -->"
prose = st.text(max_size=30).filter(lambda text: "<!--" not in text)


def test_only_what_is_between_markers_changes() -> None:
    text = f"Sebelum \\1 %s {{}}\r\n{BLOCK}\n\n  Sesudah"
    rendered = render(text, BLOCKS, "D.md")
    assert rendered == text.replace("\nold\n", "\n\n| 1 |\n\n")


@given(prose, prose, prose)
def test_prose_stays_to_the_letter(before: str, old: str, after: str) -> None:
    text = f"{before}<!-- sikap:kinds -->{old}<!-- sikap:end -->{after}"
    rendered = render(text, BLOCKS, "D.md")
    assert rendered.startswith(f"{before}<!-- sikap:kinds -->\n")
    assert rendered.endswith(f"<!-- sikap:end -->{after}")
    assert render(rendered, BLOCKS, "D.md") == rendered


@pytest.mark.parametrize(
    ("text", "lines", "found"),
    [
        ("a\nb\n<!-- sikap:tebak -->\n<!-- sikap:end -->", [3], "there is no block 'tebak'"),
        ("<!-- sikap:Counts -->\n<!-- sikap:end -->", [1], "there is no block 'Counts'"),
        ("<!-- sikap:counts -->\nprose", [1], "the block 'counts' has no end"),
        (f"<!-- sikap:kinds -->\nprose\n{BLOCK}", [1], "the block 'kinds' has no end"),
        (f"{BLOCK}\n<!-- sikap:end -->", [4], "no block is open that it could end"),
        (f"<!-- sikap:a -->\n<!-- sikap:end -->\n{BLOCK}\n<!-- sikap:b -->", [1, 6], "no block"),
    ],
)
def test_markers_that_cannot_be_filled_are_refused_with_their_line(
    text: str, lines: list[int], found: str
) -> None:
    with pytest.raises(InputError, match=re.escape(found)) as caught:
        render(text, BLOCKS, "D.md")
    assert [(p.code, p.file, p.line) for p in caught.value.problems] == [
        ("figures", "D.md", line) for line in lines
    ]


def test_a_bar_in_a_label_stays_in_its_cell() -> None:
    given_content = content()
    figures = facts(given_content, tables(given_content))
    values = {"sikap": {"pro|kontra": 1}}
    blocks = figure_blocks(
        type(figures)(
            **{name: getattr(figures, name) for name in figures.__struct_fields__}
            | {"values": values}
        ),
        given_content.rounds,
    )
    assert "| sikap | pro\\|kontra | 1 |\n" in blocks["values"]


def test_every_block_of_the_sample_is_filled() -> None:
    given_content = content()
    figures = facts(given_content, tables(given_content))
    blocks = figure_blocks(figures, given_content.rounds)
    stale = DATASHEET.replace("sikap:counts -->\n", "sikap:counts -->\nlama\n")
    rendered = render(stale, blocks, "D.md")
    assert "lama" in stale
    assert "lama" not in rendered
    assert all(block in rendered for block in blocks.values())


def test_a_round_that_was_pre_filled_says_so() -> None:
    given_content = content()
    figures = facts(given_content, tables(given_content))
    first, *others = given_content.rounds
    digests = msgspec.structs.replace(first.digests, predictions="ab" * 32)
    filled_in = msgspec.structs.replace(first, digests=digests)
    before = figure_blocks(figures, given_content.rounds)["rounds"]
    after = figure_blocks(figures, [filled_in, *others])["rounds"]
    assert "pre-filled" not in before
    assert after.startswith(before)
    assert f"Round {first.ordinal} was pre-filled" in after
    assert "(file abababab)" in after
