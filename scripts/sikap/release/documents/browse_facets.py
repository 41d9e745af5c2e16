"""What the spans and sentences of the page can be filtered by, and the tokens that stand for it.

A token names a facet and a value by their numbers, ``2.0``: values themselves may hold anything.
"""

from collections.abc import Iterator, Mapping
from typing import Literal, get_args

import msgspec

from sikap.labelling_config.scheme import ControlKind, Scheme
from sikap.records import How, SettledChoice

FacetKind = ControlKind | Literal["how", "split", "state"]
STATES = ("labelled", "nothing marked", "not labelled", "not body")
TITLES = {"spans": "label", "how": "settled", "split": "split", "state": "sentence"}


class Option(msgspec.Struct, frozen=True, kw_only=True):
    """A value to filter by: its token, the class that draws it, and how often it is there."""

    token: str
    name: str
    classes: str
    count: int


class Facet(msgspec.Struct, frozen=True, kw_only=True):
    """A title and its values; ``of`` says what has them: spans, or whole sentences."""

    title: str
    of: Literal["spans", "sentences", "both"]
    options: tuple[Option, ...]


class Facets:
    """All facets of a scheme and its splits, in the order of the page."""

    def __init__(self, scheme: Scheme, splits: Mapping[str, str]) -> None:
        self._values: dict[tuple[FacetKind, str], tuple[str, ...]] = {}
        if scheme.labels:
            self._values["spans", ""] = scheme.labels
        for kind in ("attribute", "choice"):
            for control in scheme.of_kind(kind):
                # What is still undecided comes last, and has no name that a value could take.
                self._values[kind, control.name] = (*control.values, "")
        self._values["how", ""] = get_args(How)
        self._values["split", ""] = tuple(sorted(set(splits.values())))
        self._values["state", ""] = STATES
        self._numbers = {key: number for number, key in enumerate(self._values)}

    def token(self, kind: FacetKind, control: str, value: str) -> str:
        """The token of a value; ``""`` stands for a choice that is undecided."""
        return f"{self._numbers[kind, control]}.{self._values[kind, control].index(value)}"

    def values(
        self, kind: Literal["attribute", "choice"], given: Mapping[str, SettledChoice]
    ) -> Iterator[str]:
        """Yield the tokens of every value of some choices."""
        for name, choice in given.items():
            for value in choice.values or ("",):
                yield self.token(kind, name, value)

    def counted(self, counts: Mapping[str, int], lines: int) -> list[Facet]:
        """The facets for the page; ``lines`` is how many kinds of underline there are.

        Values of the scheme are there even if nothing has them, others only where they occur.
        """
        attributes = [name for kind, name in self._values if kind == "attribute"]
        facets = []
        for (kind, name), values in self._values.items():
            options = tuple(
                Option(
                    token=self.token(kind, name, value),
                    name=value or "undecided",
                    classes=_classes(kind, place, value, lines, drawn=name in attributes[:1]),
                    count=counts.get(self.token(kind, name, value), 0),
                )
                for place, value in enumerate(values)
                if counts.get(self.token(kind, name, value))
                or (value and kind in {"spans", "attribute", "choice"})
            )
            facets.append(Facet(title=TITLES.get(kind, name), of=_of(kind), options=options))
        return [facet for facet in facets if facet.options]


def _classes(kind: FacetKind, place: int, value: str, lines: int, *, drawn: bool) -> str:
    if kind == "spans":
        return f"label l{place}"
    if kind == "attribute" and drawn:
        return f"stroke v{place % lines}" if value else "stroke undecided"
    return ""


def _of(kind: FacetKind) -> Literal["spans", "sentences", "both"]:
    if kind in {"spans", "attribute"}:
        return "spans"
    return "both" if kind == "how" else "sentences"
