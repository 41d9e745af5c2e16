"""The nouns: article, sentence, round, item, annotation, label, as frozen structs.

Offsets are Unicode code points, ``[start, end)``. Those of a sentence count in the text of its
article, those of a span in the text of its sentence. Every key is always written; what is not
known is null. The JSON Schemas in ``schema/`` say the same and are held to it by a test.
"""

from hashlib import sha256 as _sha256
from typing import Literal

import msgspec

Kind = Literal["body", "heading", "dateline", "byline", "caption", "related_link", "other"]
AnnotatorKind = Literal["expert", "crowd", "model", "rule"]
Purpose = Literal["calibration", "production", "adjudication"]
Status = Literal["submitted", "skipped"]
Blindness = Literal["shared", "separated", "isolated"]
Withdrawable = Literal["article", "annotator"]
How = Literal["unanimous", "majority", "adjudicated", "single", "open"]
Level = Literal["nominal", "ordinal", "interval", "ratio", "masi", "jaccard"]
"""How far apart two values of a control are; the last two are for sets of values."""
Extent = tuple[int, int]
"""Where something stands in a text, as start and end."""

SEPARATOR = "\x1f"
ID_LENGTH = 16


class Record(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True, gc=False):
    """What every record has in common: frozen, keyword-only, no unknown keys.

    Records form no cycles, so the garbage collector need not walk millions of them.
    """


class Article(Record, frozen=True, kw_only=True):
    """An article with its frozen text; ``source`` is a path inside raw/ or a URL.

    ``language`` is the one that its rules are of, ``identified_language`` the one that its letters
    tell, null where they tell none. ``cluster`` is the first id of the articles that it is a copy
    of, its own included; null where there is no copy.
    """

    article_id: str
    text: str
    text_sha256: str
    raw_sha256: str
    source: str
    language: str
    identified_language: str | None = None
    title: str | None = None
    author: str | None = None
    outlet: str | None = None
    published: str | None = None
    licence: str | None = None
    cluster: str | None = None
    encoding: str
    normalised: tuple[str, ...]


UNPUBLISHED = ("identified_language", "author", "cluster")
"""What a project alone knows of an article: a release says nothing of it."""


class Sentence(Record, frozen=True, kw_only=True):
    """A piece of an article: ``article.text[start:end] == text``, without outer white space."""

    sentence_id: str
    article_id: str
    index: int
    paragraph: int
    kind: Kind
    start: int
    end: int
    text: str


GOLD, FIRST, REPEAT = 0, 1, 2
"""Passes: a sentence whose answer is known, a judgement that counts, the same sentence again."""


class Item(Record, frozen=True, kw_only=True):
    """One sentence to be judged once by each of its ``annotators``, frozen with its context.

    ``pass`` is 1; 2 where its annotators judge the sentence again without being told, to see
    whether they are consistent; 0 where the answer is known (gold), to see how well they do. Only
    pass 1 counts when labels are settled.
    """

    item_id: str
    round_id: str
    sentence_id: str
    pass_: int = msgspec.field(name="pass")
    article_id: str
    start: int
    end: int
    text: str
    before: str
    after: str
    annotators: tuple[str, ...]


class Span(Record, frozen=True, kw_only=True):
    """A marked stretch of a sentence; ``attributes`` maps a per-region control to its values."""

    start: int
    end: int
    label: str
    attributes: dict[str, tuple[str, ...]]

    @property
    def order(self) -> tuple[int, int, str, list[tuple[str, tuple[str, ...]]]]:
        """What spans are sorted by; equal spans have the same."""
        return self.start, self.end, self.label, sorted(self.attributes.items())


class Annotation(Record, frozen=True, kw_only=True):
    """What one annotator said of one item; ``choices`` maps a sentence control to its values."""

    annotation_id: str
    item_id: str
    round_id: str
    sentence_id: str
    annotator: str
    status: Status
    spans: tuple[Span, ...]
    choices: dict[str, tuple[str, ...]]
    seconds: float | None = None
    created_at: str | None = None


class History(Record, frozen=True, kw_only=True):
    """An annotation as it was before it was changed, made unusable or deleted in Label Studio."""

    event: Literal["changed", "rejected", "deleted"]
    annotation: Annotation


class Provenance(Record, frozen=True, kw_only=True):
    """How something was settled: ``votes`` of ``of`` annotators in the round ``round_id``."""

    how: How
    votes: int
    of: int
    round_id: str


class SettledChoice(Record, frozen=True, kw_only=True):
    """The values of one control and how they were settled; no values while it is open."""

    values: tuple[str, ...]
    provenance: Provenance


class SettledSpan(Record, frozen=True, kw_only=True):
    """A span, how its presence was settled, and each of its attributes likewise."""

    start: int
    end: int
    label: str
    attributes: dict[str, SettledChoice]
    provenance: Provenance


class Label(Record, frozen=True, kw_only=True):
    """What is settled for one sentence; a record without spans means *labelled, empty*."""

    sentence_id: str
    article_id: str
    round_id: str
    annotators: int
    spans: tuple[SettledSpan, ...]
    choices: dict[str, SettledChoice]


class Annotator(Record, frozen=True, kw_only=True):
    """A member of a roster: a pseudonym, and what kind of annotator is behind it."""

    annotator: str
    kind: AnnotatorKind
    qualifications: str


class Gold(Record, frozen=True, kw_only=True):
    """The known answer of one sentence."""

    sentence_id: str
    spans: tuple[Span, ...]
    choices: dict[str, tuple[str, ...]]


class Version(Record, frozen=True, kw_only=True):
    """One of several ways in which a sentence was annotated; whose it is, is not said."""

    spans: tuple[Span, ...]
    choices: dict[str, tuple[str, ...]]


class Versions(Record, frozen=True, kw_only=True):
    """The competing versions that an adjudicator is shown of one item, in the order shown."""

    item_id: str
    versions: tuple[Version, ...]


class Note(Record, frozen=True, kw_only=True):
    """What an annotator said beside the scheme, such as a comment, or why a case was hard.

    It speaks of the words from ``start`` to ``end``, or, without them, of the whole sentence.
    """

    annotation_id: str
    item_id: str
    sentence_id: str
    annotator: str
    control: str
    values: tuple[str, ...]
    start: int | None = None
    end: int | None = None


class Design(Record, frozen=True, kw_only=True):
    """How a round is laid out.

    ``overlap`` is the number of annotators of every item; ``calibration`` how many items all of the
    roster get nevertheless; ``repeats`` how many items each annotator gets a second time; ``gold``
    how many have a known answer.
    """

    overlap: int
    calibration: int
    repeats: int
    gold: int
    blindness: Blindness
    seed: int
    sampling: str


class Digests(Record, frozen=True, kw_only=True):
    """SHA-256 of what the annotators were given; null for what the round does not have."""

    config: str
    guidelines: str
    items: str
    gold: str | None = None
    versions: str | None = None
    predictions: str | None = None


class StudioProject(Record, frozen=True, kw_only=True):
    """A Label Studio project that holds items of a round, and whose it is: null for everybody's."""

    project_id: int
    title: str
    annotator: str | None = None


class Counts(Record, frozen=True, kw_only=True):
    """What the last pull found; ``rejected`` were set aside with a reason in rejects.jsonl."""

    items: int
    submitted: int
    skipped: int
    drafts: int
    rejected: int


class Round(Record, frozen=True, kw_only=True):
    """The manifest of a round: fixed when planned, but for projects, state and counts."""

    round_id: str
    ordinal: int
    purpose: Purpose
    roster: tuple[Annotator, ...]
    design: Design
    digests: Digests
    projects: tuple[StudioProject, ...] = ()
    state: Literal["planned", "pushed", "pulled"]
    counts: Counts


class Tombstone(Record, frozen=True, kw_only=True):
    """What was withdrawn from the project: an article, or the work of an annotator.

    ``since`` is the version of the last release that had it, null where none did. ``items`` has,
    for each round with items of the article, the SHA-256 of its items.jsonl without the lines of
    all articles withdrawn by then: so the lines can be deleted and the rest still be checked.
    """

    what: Withdrawable
    id: str
    since: str | None
    reason: str
    items: dict[str, str]


class Gone(Record, frozen=True, kw_only=True):
    """What a release says of a withdrawal: the id in releases, and the last version that had it."""

    what: Withdrawable
    id: str
    since: str


def short_id(*parts: object) -> str:
    """First 16 hex digits of SHA-256 over the parts, joined by U+001F."""
    return _digits(SEPARATOR.join(map(str, parts)))


def _digits(text: str) -> str:
    return _sha256(text.encode("utf-8", "surrogatepass")).hexdigest()[:ID_LENGTH]


def sentence_id(article_id: str, text: str, occurrence: int) -> str:
    """Id of a sentence; ``occurrence`` counts equal texts in the article from 0."""
    # Made for every sentence there is: no list of parts first, no further call.
    key = f"{article_id}\x1f{text}\x1f{occurrence}".encode("utf-8", "surrogatepass")
    return _sha256(key).hexdigest()[:ID_LENGTH]


def item_id(round_id: str, sentence: str, pass_: int) -> str:
    """Id of an item: the same round, sentence and pass always give the same."""
    return short_id(round_id, sentence, pass_)
