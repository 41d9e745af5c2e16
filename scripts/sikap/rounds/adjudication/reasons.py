"""Why annotators differed, as adjudicators said: counts, and the cases for the next guidelines."""

import string
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence

import msgspec

from sikap.label_studio.pages.adjudication import NOTE, REASON, REASONS, name_of
from sikap.labelling_config.scheme import Scheme
from sikap.records import Annotation, Item, Note, Version, Versions
from sikap.rounds.adjudication.disagreements import Disagreement, disagreements, version

NO_REASON = "no reason given"
_ESCAPES = str.maketrans({c: f"\\{c}" for c in string.punctuation} | {"\n": " ", "\t": " "})


class Case(msgspec.Struct, frozen=True, kw_only=True):
    """One decision: what was seen differently, what was decided and why.

    ``versions`` come in the order in which the adjudicator saw them; ``link`` leads to the task in
    Label Studio, empty where it is not known.
    """

    reason: str
    note: str
    item_id: str
    sentence_id: str
    article_id: str
    sentence: str
    disagreements: tuple[Disagreement, ...]
    versions: tuple[Version, ...]
    decision: Version
    link: str

    @property
    def kinds(self) -> list[str]:
        """The kinds of disagreement of the sentence, each once."""
        return list(dict.fromkeys(one.what for one in self.disagreements))

    @property
    def labels(self) -> list[str]:
        """The labels of the mentions that were seen differently, each once."""
        return list(dict.fromkeys(m[2] for one in self.disagreements for m in one.mentions))


class Row(msgspec.Struct, frozen=True, kw_only=True):
    """How many cases have each reason: of all, or of those with a kind of disagreement or label."""

    what: str
    reasons: dict[str, int]


def cases(
    items: Iterable[Item],
    shown: Iterable[Versions],
    decisions: Iterable[Annotation],
    notes: Iterable[Note],
    scheme: Scheme,
    links: Mapping[tuple[str, str], str],
) -> list[Case]:
    """The cases of an adjudication round, in the order of its items.

    ``links`` maps item and annotator to the task in Label Studio.
    """
    by_id = {item.item_id: item for item in items}
    versions = {one.item_id: one.versions for one in shown}
    said: dict[tuple[str, str], list[str]] = defaultdict(list)
    for note in notes:
        said[note.annotation_id, note.control].extend(note.values)
    return [
        Case(
            reason=" ".join(said[one.annotation_id, REASON]) or NO_REASON,
            note="\n".join(said[one.annotation_id, NOTE]),
            item_id=one.item_id,
            sentence_id=one.sentence_id,
            article_id=by_id[one.item_id].article_id,
            sentence=by_id[one.item_id].text,
            disagreements=tuple(disagreements(versions[one.item_id], scheme)),
            versions=versions[one.item_id],
            decision=version(one.spans, one.choices, scheme),
            link=links.get((one.item_id, one.annotator), ""),
        )
        for one in decisions
        if one.status == "submitted" and one.item_id in versions and one.item_id in by_id
    ]


def table(of: Sequence[Case]) -> list[Row]:
    """The counts of reasons: of all cases, then by kind of disagreement, then by label."""
    grouped: dict[str, Counter[str]] = defaultdict(Counter)
    for one in of:
        for group in (
            *(f"kind: {kind}" for kind in one.kinds),
            *(f"label: {x}" for x in one.labels),
        ):
            grouped[group][one.reason] += 1
    ordered = sorted(
        grouped.items(),
        key=lambda g: (not g[0].startswith("kind: "), -sum(g[1].values()), g[0]),
    )
    every = Counter(one.reason for one in of)
    return [
        Row(what=what, reasons={reason: count[reason] for reason in reasons_in(of)})
        for what, count in (("all", every), *ordered)
    ]


def reasons_in(of: Sequence[Case]) -> list[str]:
    """The reasons of the page, and others where there are any."""
    return list(dict.fromkeys([*REASONS, *sorted({one.reason for one in of})]))


def markdown(round_id: str, of: Sequence[Case]) -> str:
    """The page for the authors of the next guidelines; whatever others wrote is escaped."""
    return "\n".join(_page(round_id, of)) + "\n"


def _page(round_id: str, of: Sequence[Case]) -> Iterator[str]:
    reasons = reasons_in(of)
    yield f"# Why annotators differed: round {plain(round_id)}"
    yield ""
    yield f"| cases | {' | '.join(map(plain, reasons))} | sum |"
    yield "| --- |" + " ---: |" * (len(reasons) + 1)
    for row in table(of):
        counts = [str(count) for count in row.reasons.values()]
        yield f"| {' | '.join([plain(row.what), *counts, str(sum(row.reasons.values()))])} |"
    yield ""
    yield "A case with several kinds or labels is counted with each of them."
    for reason in reasons:
        having = [one for one in of if one.reason == reason]
        if having:
            yield from ("", f"## {plain(reason)} ({len(having)})", "")
            for one in having:
                yield from _case(one)


def _case(case: Case) -> Iterator[str]:
    yield f"- {plain(case.sentence)}"
    yield f"  - differs in: {plain(', '.join(case.kinds))}"
    for place, one in enumerate(case.versions):
        yield f"  - version {name_of(place)}: {_said(one, case.sentence)}"
    yield f"  - **decided:** {_said(case.decision, case.sentence)}"
    if case.note:
        yield f"  - note: {plain(case.note)}"
    source = f"sentence `{case.sentence_id}` of {plain(case.article_id)}"
    yield (
        f"  - [the task in Label Studio](<{case.link}>), {source}" if case.link else f"  - {source}"
    )


def _said(of: Version, text: str) -> str:
    marked = [
        " ".join([f"**{plain(text[s.start : s.end])}**", plain(s.label), *_values(s.attributes)])
        for s in of.spans
    ]
    return "; ".join([*(marked or ["nothing marked"]), *_values(of.choices)])


def _values(given: Mapping[str, tuple[str, ...]]) -> Iterator[str]:
    for control, values in given.items():
        yield f"({plain(control)}: {plain(', '.join(values))})"


def plain(text: str) -> str:
    """A text on one line of Markdown, as it is: every mark that could mean something escaped."""
    return " ".join(text.splitlines()).translate(_ESCAPES)
