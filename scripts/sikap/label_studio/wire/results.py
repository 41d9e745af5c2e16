"""The results of one annotation, as Label Studio's editor leaves them, to what was said.

A region and what is said of it are results of their own that share an id.
"""

from collections import defaultdict
from collections.abc import Callable, Iterable, Mapping
from typing import Any, Literal, TypeVar

import msgspec

from sikap.label_studio.wire.offsets import ResultError, certify
from sikap.labelling_config.scheme import Control, ControlKind, Scheme

JSON = Mapping[str, Any]
Values = tuple[str, ...]
Region = tuple[int, int, str]
T = TypeVar("T")


class Remark(msgspec.Struct, frozen=True, kw_only=True):
    """What was said beside the scheme: of a stretch of the text, or of all of it without one."""

    control: str
    values: Values
    start: int | None
    end: int | None


class Said(msgspec.Struct, frozen=True, kw_only=True):
    """What one annotation says: marked regions, what is said of them and of the text, remarks."""

    regions: tuple[tuple[Region, dict[str, Values]], ...] = ()
    choices: dict[str, Values] = {}
    remarks: tuple[Remark, ...] = ()


class Reading:
    """Reads the results of annotations under one scheme.

    ``notes`` names controls of the config that stand beside the scheme, as its text areas do.
    """

    def __init__(self, scheme: Scheme, notes: Iterable[str] = ()) -> None:
        self.scheme = scheme
        self.kinds: dict[str, ControlKind | Literal["note"]] = {
            control.name: control.kind for control in scheme.controls
        }
        beside = dict.fromkeys((*scheme.notes, *sorted(notes)))
        self.kinds |= dict.fromkeys(beside, "note")
        self.beside = {name: place for place, name in enumerate(beside)}
        # What is no value of a control comes last; the scheme will say so.
        self.places = {control.name: _places(control) for control in scheme.controls}

    def read(self, results: Iterable[JSON], text: str) -> Said:
        """What the results say of a text; raises ResultError for one that has no place."""
        regions: dict[str, Region] = {}
        attributes: dict[str, dict[str, Values]] = defaultdict(dict)
        choices: dict[str, Values] = {}
        notes: list[tuple[str, str, Values]] = []
        for number, result in enumerate(results):
            control, value = result.get("from_name") or "", result.get("value") or {}
            kind, type_ = self.kinds.get(control), result.get("type")
            # Results that were made by hand may lack an id; each is a region of its own.
            region = str(result.get("id") or f"without id {number}")
            if kind == "spans" and type_ == "labels":
                _put(regions, region, (*certify(value, text), _label(value)))
            elif kind == "attribute" and type_ == "choices":
                _put(attributes[region], control, tuple(value.get("choices") or ()))
            elif kind == "choice" and type_ == "choices":
                _put(choices, control, tuple(value.get("choices") or ()))
            elif kind == "note":
                notes.append((control, region, _remarked(value, type_)))
            else:
                found = f"a {type_} by {control!r} has no place in the scheme"
                raise ResultError("unsupported-result", found, "delete it in Label Studio")
        for region, given in attributes.items():
            if region not in regions:
                found = f"{', '.join(given)} was given for a region without a label"
                raise ResultError("unsupported-result", found, "label the region or delete it")
        return Said(
            regions=tuple((at, self._in_order(attributes[r])) for r, at in regions.items()),
            choices=self._in_order(choices),
            remarks=self._remarks(notes, regions),
        )

    def remarks(self, results: Iterable[JSON]) -> tuple[Remark, ...]:
        """The remarks alone, of an annotation whose other results do not count."""
        notes = [
            (control, "", _remarked(result.get("value") or {}, result.get("type")))
            for result in results
            if self.kinds.get(control := result.get("from_name") or "") == "note"
        ]
        return self._remarks(notes, {})

    def _remarks(
        self, notes: Iterable[tuple[str, str, Values]], regions: Mapping[str, Region]
    ) -> tuple[Remark, ...]:
        found = []
        for control, region, values in notes:
            start, end = regions[region][:2] if region in regions else (None, None)
            if values:
                found.append(Remark(control=control, values=values, start=start, end=end))
        found.sort(key=lambda one: (self.beside[one.control], one.start or 0, one.end or 0))
        return tuple(found)

    def _in_order(self, given: Mapping[str, Values]) -> dict[str, Values]:
        """Controls in the order of the config, and so are their values, whatever came first."""
        return {
            name: tuple(sorted(given[name], key=place))
            for name, place in self.places.items()
            if given.get(name)
        }


def _places(control: Control) -> Callable[[str], int]:
    order = {value: place for place, value in enumerate(control.values)}
    return lambda value: order.get(value, len(order))


def _remarked(value: JSON, type_: object) -> Values:
    """What a control beside the scheme holds; blank lines and fields are nothing."""
    given = value.get("choices" if type_ == "choices" else "text") or ()
    texts = [given] if isinstance(given, str) else given
    known = type_ in {"choices", "textarea"} and isinstance(texts, list | tuple)
    if not known or not all(isinstance(one, str) for one in texts):
        found = f"a {type_} beside the scheme holds no text"
        raise ResultError("unsupported-result", found, "delete it in Label Studio")
    return tuple(one for one in texts if one.strip())


def _put(where: dict[str, T], key: str, what: T) -> None:
    if key in where:
        found = f"the annotation has two results for {key!r}"
        raise ResultError("repeated-result", found, "delete one of the two in Label Studio")
    where[key] = what


def _label(value: JSON) -> str:
    labels: list[str] = value.get("labels") or []
    if len(labels) != 1:
        found = f"a region has {len(labels)} labels: {', '.join(labels)}"
        raise ResultError("several-labels", found, "give each region one label")
    return labels[0]
