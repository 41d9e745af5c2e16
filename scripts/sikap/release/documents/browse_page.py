"""The page to look at a release with: every article, its spans, and how each was settled.

One file that needs no network and runs nothing but its own script. Text and details are HTML that
works without the script, which only filters and places; the template escapes whatever articles
hold. The code knows no label names: colours are those of the labelling config, or a palette.
"""

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence

import msgspec

from sikap.labelling_config.hotkeys_and_colours import backgrounds
from sikap.records import Article, Label, Provenance, Round, Sentence, SettledChoice, SettledSpan
from sikap.release.data.content import Content
from sikap.release.data.statistics import Facts
from sikap.release.documents.browse_facets import Facet, Facets
from sikap.rendering.span_layers import Segment, segments
from sikap.rendering.templates import PALETTE, csp_hash, source, templates
from sikap.rounds.settle import is_open, open_count

LIMIT = 2_000
"""About how many sentences a page shows: more would make it slow to open."""
STYLE = ("base.css", "lines.css", "marks.css", "page.css")
LINES = 6
"""How many kinds of underline the style sheet has."""


class Fact(msgspec.Struct, frozen=True, kw_only=True):
    """One line of details: a control, what was said, and how that was settled."""

    name: str
    value: str
    how: str


class Mark(msgspec.Struct, frozen=True, kw_only=True):
    """A span as it is drawn: its number on the page, its classes, and its details."""

    number: int
    classes: str
    tokens: str
    label: str
    surface: str
    place: str
    round: str
    open: bool
    facts: tuple[Fact, ...]


class Line(msgspec.Struct, frozen=True, kw_only=True):
    """A sentence as it is drawn; ``choices`` are those of the whole sentence, with their tokens."""

    sentence: Sentence
    tokens: str
    state: str
    open: int
    segments: tuple[Segment, ...]
    marks: tuple[Mark, ...]
    choices: tuple[tuple[str, Fact], ...]


class Sheet(msgspec.Struct, frozen=True, kw_only=True):
    """An article as it is drawn."""

    article: Article
    split: str
    lines: tuple[Line, ...]


def page(content: Content, facts: Facts) -> str:
    """The browse.html of a release: the same bytes for the same content."""
    every = -(-len(content.sentences) // LIMIT) or 1
    facets = Facets(content.scheme, content.splits)
    sheets = list(_sheets(content, facets, content.articles[::every]))
    environment = templates("sikap.release.documents")
    style = source(environment, *STYLE) + _colours(content)
    script = source(environment, "page.js")
    # Both are ours, with colours that are hexadecimal digits: they alone go in as they are.
    return environment.get_template("page.html.jinja").render(
        meta=content.meta,
        facts=facts,
        machine_labels=bool({"model", "rule"} & facts.annotators.keys()),
        every=every,
        sheets=sheets,
        facets=_shown(facets, sheets),
        style=style,
        script=script,
        style_hash=csp_hash(style),
        script_hash=csp_hash(script),
    )


def _sheets(content: Content, facets: Facets, articles: Iterable[Article]) -> Iterator[Sheet]:
    labels = {label.sentence_id: label for label in content.labels}
    rounds = {manifest.round_id: manifest for manifest in content.rounds}
    sentences: dict[str, list[Sentence]] = {}
    for sentence in content.sentences:
        sentences.setdefault(sentence.article_id, []).append(sentence)
    drawn = _Drawing(content, facets, rounds)
    for article in articles:
        split = content.splits[article.article_id]
        lines = (
            drawn.line(sentence, labels.get(sentence.sentence_id), split)
            for sentence in sentences.get(article.article_id, [])
        )
        yield Sheet(article=article, split=split, lines=tuple(lines))


class _Drawing:
    """Draws sentences one after the other, and numbers their spans."""

    def __init__(self, content: Content, facets: Facets, rounds: Mapping[str, Round]) -> None:
        self._scheme = content.scheme
        self._facets = facets
        self._rounds = rounds
        self._places = {label: place for place, label in enumerate(content.scheme.labels)}
        self._controls = {
            label: control.name
            for control in content.scheme.of_kind("spans")
            for label in control.values
        }
        self._drawn = 0

    def line(self, sentence: Sentence, label: Label | None, split: str) -> Line:
        facets, state = self._facets, _state(sentence, label)
        spans = label.spans if label else ()
        choices = label.choices if label else {}
        tokens = [facets.token("split", "", split), facets.token("state", "", state)]
        tokens += facets.values("choice", choices)
        return Line(
            sentence=sentence,
            tokens=" ".join(tokens),
            state=state,
            open=open_count(label) if label else 0,
            segments=tuple(segments(sentence.text, [(span.start, span.end) for span in spans])),
            marks=tuple(self._mark(span, sentence) for span in spans),
            choices=tuple(
                (facets.token("how", "", choice.provenance.how), _fact(name, choice))
                for name, choice in choices.items()
            ),
        )

    def _mark(self, span: SettledSpan, sentence: Sentence) -> Mark:
        self._drawn += 1
        given = [span.provenance, *(choice.provenance for choice in span.attributes.values())]
        hows = dict.fromkeys(provenance.how for provenance in given)
        tokens = [self._facets.token("spans", "", span.label)]
        tokens += self._facets.values("attribute", span.attributes)
        tokens += [self._facets.token("how", "", how) for how in hows]
        marked = Fact(name=self._controls[span.label], value=span.label, how=_how(span.provenance))
        said = (_fact(name, choice) for name, choice in span.attributes.items())
        return Mark(
            number=self._drawn,
            classes=" ".join(self._classes(span)),
            tokens=" ".join(tokens),
            label=span.label,
            surface=sentence.text[span.start : span.end],
            place=f"{span.start}–{span.end}",
            round=_round(self._rounds[span.provenance.round_id]),
            open="open" in hows,
            facts=(marked, *said),
        )

    def _classes(self, span: SettledSpan) -> Iterator[str]:
        yield f"l{self._places[span.label]}"
        for control in self._scheme.of_kind("attribute")[:1]:
            choice = span.attributes.get(control.name)
            if choice and choice.values:
                yield f"v{control.values.index(choice.values[0]) % LINES}"
            elif choice:
                yield "undecided"
        if is_open(span.provenance):
            yield "open"


def _state(sentence: Sentence, label: Label | None) -> str:
    if label is None:
        return "not labelled" if sentence.kind == "body" else "not body"
    return "labelled" if label.spans or label.choices else "nothing marked"


def _fact(name: str, choice: SettledChoice) -> Fact:
    value = ", ".join(choice.values) or "undecided"
    return Fact(name=name, value=value, how=_how(choice.provenance))


def _how(provenance: Provenance) -> str:
    return f"{provenance.how}, {provenance.votes} of {provenance.of}"


def _round(manifest: Round) -> str:
    return f"round {manifest.ordinal}, {manifest.purpose}"


def _shown(facets: Facets, sheets: Sequence[Sheet]) -> list[Facet]:
    """The facets with how many spans or sentences of the page each value is given to."""
    lines = [line for sheet in sheets for line in sheet.lines]
    counts = Counter(token for line in lines for token in line.tokens.split())
    counts.update(token for line in lines for m in line.marks for token in m.tokens.split())
    counts.update(token for line in lines for token, _ in line.choices)
    return facets.counted(counts, LINES)


def _colours(content: Content) -> str:
    given = backgrounds(content.files[content.config_file], content.config_file)
    return "".join(
        f".l{place} {{ --c: {given.get(label, PALETTE[place % len(PALETTE)])}; }}\n"
        for place, label in enumerate(content.scheme.labels)
    )
