"""How often each class stands in each split, and which splits lack one."""

from collections import Counter
from collections.abc import Iterable, Iterator, Sequence

from sikap.errors import Problem
from sikap.labelling_config.scheme import Control
from sikap.release.data.content import Content
from sikap.release.data.features import choice_configs
from sikap.rounds.settle import is_open

Balance = dict[str, dict[str, dict[str, int]]]
"""Counts by config, split and class."""


def balance_of(content: Content, splits: Sequence[str]) -> Balance:
    """The settled values of every Choices config, and the settled spans of every Labels config."""
    spans = content.scheme.of_kind("spans")
    return {
        control.name: balance(_values(content, control), control.values, splits)
        for control in (*spans, *choice_configs(content.scheme))
    }


def balance(
    values: Iterable[tuple[str, str]], classes: Iterable[str], splits: Iterable[str]
) -> dict[str, dict[str, int]]:
    """Counts of (split, class) by split and class, with every one of both, also where it is 0."""
    counter = Counter(values)
    classes = list(classes)
    return {split: {one: counter[split, one] for one in classes} for split in splits}


def missing_classes(given: Balance) -> Iterator[Problem]:
    """Yield every split without a row of a class that another split has."""
    for config, by_split in given.items():
        totals: Counter[str] = Counter()
        for counts in by_split.values():
            totals.update(counts)
        for split, counts in by_split.items():
            missing = [one for one, count in counts.items() if not count and totals[one]]
            if missing:
                found = f"{split} has no {', '.join(missing)}, which other splits have"
                fix = "annotate more articles of that split, or say so when reporting scores"
                yield Problem(
                    code="missing-class", file="release.json", id=config, found=found, fix=fix
                )


def _values(content: Content, control: Control) -> Iterator[tuple[str, str]]:
    for label in content.labels:
        split = content.splits[label.article_id]
        present = [span for span in label.spans if not is_open(span.provenance)]
        if control.kind == "spans":
            yield from ((split, s.label) for s in present if s.label in control.values)
            continue
        if control.kind == "attribute":
            choices = [s.attributes[control.name] for s in present if control.name in s.attributes]
        else:
            choices = [label.choices[control.name]] if control.name in label.choices else []
        yield from ((split, value) for choice in choices for value in choice.values)
