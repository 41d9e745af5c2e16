import re

import msgspec
from hypothesis import given
from hypothesis import strategies as st
from markdown_it import MarkdownIt

from sikap.release.diff.changelog import WIDTH, entry
from sikap.release.diff.changes import (
    Changed,
    ConfigDiff,
    Confusion,
    ControlChange,
    Diff,
    Files,
    LabelChange,
)
from sikap.release.diff.semantic_version import verdict

STANCE = ConfigDiff(
    config="stance",
    state="changed",
    before={"test": 2, "train": 3},
    after={"test": 3, "train": 3},
    added={"test": ("a", "b")},
    removed={"train": ("c",)},
    edited=("d",),
    edits={"label": 1},
    moved={"train → test": ("e",)},
    columns_added=("soft",),
    classes={"label": (("x",), ("y",))},
)
EVERYTHING = Diff(
    old_version="1.2.3",
    new_version="1.3.0",
    configs=(
        STANCE,
        ConfigDiff(config="tone", state="added", before={}, after={"train": 4}),
        ConfigDiff(config="old", state="removed", before={"train": 1}, after={}),
        ConfigDiff(config="odd", state="reordered", before={"train": 2}, after={"train": 2}),
    ),
    labels=(
        Confusion(
            control="stance",
            values=("favor", "against"),
            kept={"favor": 7},
            changes=(LabelChange(old="against", new="favor", ids=("d 0-3", "d 4-6")),),
        ),
    ),
    newly_labelled=("f", "g"),
    guidelines=True,
    config_file=True,
    scheme=(
        ControlChange(control="stance", state="changed", values_added=("mixed",), reordered=True),
    ),
    rounds_added=("second",),
    withdrawn=("article banjir",),
    meta={"licence": Changed(old="A", new="B"), "summary": Changed(old="x" * 50, new="y")},
    datasheet=True,
    manifest=("baselines",),
    files=Files(added=("croissant.json",), changed=("README.md",)),
)
ENTRY = """\
### 2.0.0

- Since 1.2.3, MAJOR: rows that were there are changed, moved or gone.
- `stance`: 2 rows added (test 2); 1 row removed (train 1); 1 row moved (train → test 1); 1 row
  edited (label 1); columns added: `soft`; columns of other classes: `label`.
- `tone`: a new config with 4 rows (train 4).
- `old`: gone, with its 1 row.
- `odd`: the same 2 rows in another order.
- Labels of `stance`: against → favor 2; 7 as before.
- Withdrawn: `article banjir`.
- Sentences that were there before and are newly labelled: 2.
- Labelling config: `stance` gains `mixed`, has its values in another order.
- `licence`: `A` → `B`.
- `summary` reads otherwise.
- The guidelines changed.
- Rounds added: `second`.
- Answers of the datasheet changed.
- Changed in `release.json`: `baselines`.
- Files added: `croissant.json`.
- Files changed: `README.md`.
"""


def test_an_entry_has_a_bullet_for_every_kind_of_change() -> None:
    assert entry(EVERYTHING, verdict(EVERYTHING)) == ENTRY


def test_the_heading_is_the_claimed_version_where_that_is_high_enough() -> None:
    higher = msgspec.structs.replace(EVERYTHING, new_version="4.0.0")
    assert entry(higher, verdict(higher)).startswith("### 4.0.0\n")


def test_an_entry_about_nothing_says_so() -> None:
    same = Diff(old_version="1.0.0", new_version="1.0.0")
    assert entry(same, verdict(same)) == "### 1.0.0\n\n- Since 1.0.0, nothing changed.\n"


@given(st.text(max_size=30), st.text(max_size=30))
def test_no_value_breaks_out_of_its_bullet(old: str, new: str) -> None:
    meta = {"licence": Changed(old=old, new=new)}
    diff = Diff(old_version="1.0.0", new_version="1.0.1", meta=meta)
    text = entry(diff, verdict(diff))
    tokens = [token.type for token in MarkdownIt().parse(text)]
    assert tokens.count("list_item_open") == 2
    assert tokens.count("heading_open") == 1
    assert all(len(line) <= WIDTH for line in re.split("\n", text))
