"""The nouns of a comparison of two releases: what changed in rows, labels, scheme and texts.

Rows are named by ids: those of their key columns, joined by spaces. Every list is complete and in
a fixed order; who shows it to people cuts it.
"""

from collections.abc import Mapping
from typing import Literal

import msgspec

Ids = tuple[str, ...]
State = Literal["added", "removed", "changed", "reordered", "repacked"]
NO_SPAN = "(no span)"
OPEN = "(open)"
NOT_GIVEN = "(not given)"


class ConfigDiff(msgspec.Struct, frozen=True, kw_only=True):
    """What changed in the rows and columns of one config.

    ``before`` and ``after`` count rows by split; ``added`` and ``removed`` hold ids by split,
    ``moved`` by "train → test"; ``edits`` counts edited rows by column; ``retyped`` and
    ``classes`` hold what was and what is. ``reviewed`` are rows that are as they were but for the
    views they belong to, which follow from other rows. A config that is new or gone lists no ids.
    *Reordered* means the same rows in another order, *repacked* the same in other bytes.
    """

    config: str
    state: State
    before: dict[str, int]
    after: dict[str, int]
    added: dict[str, Ids] = {}
    removed: dict[str, Ids] = {}
    edited: Ids = ()
    reviewed: Ids = ()
    edits: dict[str, int] = {}
    moved: dict[str, Ids] = {}
    columns_added: Ids = ()
    columns_removed: Ids = ()
    retyped: dict[str, tuple[str, str]] = {}
    classes: dict[str, tuple[Ids, Ids]] = {}


class LabelChange(msgspec.Struct, frozen=True, kw_only=True):
    """One cell of a confusion table off its diagonal; ids name sentence and span."""

    old: str
    new: str
    ids: Ids


class Confusion(msgspec.Struct, frozen=True, kw_only=True):
    """What one control said before and says now, over sentences labelled in both releases.

    ``kept`` is the diagonal. Beside the values of the control there are ``NO_SPAN`` (the mention
    is not there), ``OPEN`` (annotators disagree) and ``NOT_GIVEN`` (the control does not apply).
    """

    control: str
    values: Ids
    kept: dict[str, int]
    changes: tuple[LabelChange, ...]

    def table(self) -> dict[str, dict[str, int]]:
        """Counts by old and new value; rows and columns in the order of ``values``."""
        cells: dict[str, dict[str, int]] = {
            old: dict.fromkeys(self.values, 0) for old in self.values
        }
        for value, count in self.kept.items():
            cells[value][value] = count
        for change in self.changes:
            cells[change.old][change.new] = len(change.ids)
        return cells


class ControlChange(msgspec.Struct, frozen=True, kw_only=True):
    """What changed in one control of the scheme; ``settings`` names what else is otherwise."""

    control: str
    state: Literal["added", "removed", "changed"]
    values_added: Ids = ()
    values_removed: Ids = ()
    reordered: bool = False
    settings: Ids = ()


class Changed(msgspec.Struct, frozen=True, kw_only=True):
    """A value as it was and as it is, as text."""

    old: str
    new: str


class Files(msgspec.Struct, frozen=True, kw_only=True):
    """Files other than tables, release.json and what has a finding of its own."""

    added: Ids = ()
    removed: Ids = ()
    changed: Ids = ()


class Diff(msgspec.Struct, frozen=True, kw_only=True):
    """Everything in which a release differs from an older one; versions are what they claim.

    ``newly_labelled`` and ``unlabelled`` are sentences that are in both releases and labelled in
    one. ``config_file`` says that the labelling config has other bytes, ``scheme`` what that means
    for controls; ``manifest`` names other parts of release.json. ``datasheet`` means its prose, not
    its figures.
    """

    old_version: str
    new_version: str
    configs: tuple[ConfigDiff, ...] = ()
    labels: tuple[Confusion, ...] = ()
    newly_labelled: Ids = ()
    unlabelled: Ids = ()
    guidelines: bool = False
    config_file: bool = False
    scheme: tuple[ControlChange, ...] = ()
    rounds_added: Ids = ()
    rounds_removed: Ids = ()
    rounds_changed: dict[str, Ids] = {}
    withdrawn: Ids = ()
    meta: dict[str, Changed] = {}
    datasheet: bool = False
    manifest: Ids = ()
    files: Files = Files()

    @property
    def is_empty(self) -> bool:
        """Whether the two releases are the same but for the number of their version."""
        versions = ("old_version", "new_version")
        blank = Diff(old_version=self.old_version, new_version=self.new_version)
        return all(
            getattr(self, name) == getattr(blank, name)
            for name in self.__struct_fields__
            if name not in versions
        )


def count(ids: Mapping[str, Ids]) -> int:
    """How many ids there are in all."""
    return sum(map(len, ids.values()))
