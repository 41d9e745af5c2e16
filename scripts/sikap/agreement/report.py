"""The form of agreement.json; everything that its page shows is in it."""

from typing import Literal

import msgspec

from sikap.agreement.figures import Basis, Figure
from sikap.agreement.ratings import Level
from sikap.agreement.study import Options
from sikap.errors import Problem
from sikap.records import Record, Span

FORMAT = 1


class Definition(Record, frozen=True, kw_only=True):
    """What a coefficient is: its title, its definition in a sentence or two, and its source."""

    title: str
    text: str
    source: str


class Pair(Record, frozen=True, kw_only=True):
    """The figures of two annotators."""

    one: str
    other: str
    figures: tuple[Figure, ...]


class ByValue(Record, frozen=True, kw_only=True):
    """The figures of one value against all others, or of one span label; ``count`` is its use."""

    value: str
    count: int
    figures: tuple[Figure, ...]


class Use(Record, frozen=True, kw_only=True):
    """How often one annotator gives each value.

    Only units that others judged too count. ``expected`` is how often the others gave it on the
    same units, each unit shared out among them: what is above it is a bias. ``figures`` are of this
    annotator with all others, or with settled labels; of many annotators only those with the most
    ratings get intervals (`annotator_bias.SURE`), and α without each is of a few alone
    (`annotator_bias.WITHOUT`).
    """

    annotator: str
    counts: dict[str, int]
    expected: dict[str, float]
    figures: tuple[Figure, ...]


class Confusion(Record, frozen=True, kw_only=True):
    """How often one value met another on one unit; ``of`` is null for all pairs together.

    With ``of`` null the table is symmetric: each pair of ratings counts from both sides. Else rows
    are what that annotator said and columns what the others did. Of a long scale ``values`` are
    those given most often (`confusion.WIDEST`).
    """

    of: str | None
    values: tuple[str, ...]
    table: tuple[tuple[int, ...], ...]


class Stretch(Record, frozen=True, kw_only=True):
    """A part of a round in the order of work, from its ``start``-th unit to before its ``end``-th.

    Units are those with two ratings or more whose last rating has a known moment; ``since`` and
    ``until`` are the first and last such moment of the stretch.
    """

    start: int
    end: int
    since: str | None
    until: str | None
    figures: tuple[Figure, ...]


class Consistency(Record, frozen=True, kw_only=True):
    """How far one annotator says the same of an item that comes again; null: all together.

    The units of its figures are judgements that were made twice.
    """

    annotator: str | None
    figures: tuple[Figure, ...]


class Needed(Record, frozen=True, kw_only=True):
    """What would bring the interval of a coefficient to a wished width.

    ``clusters`` and ``units`` are how many in all, with as many annotators as now, and never fewer
    than now; ``annotators`` how many on each unit, on as many units as now. ``because`` says why
    no number of annotators would do, or can be told. What has no interval has no such entry.
    """

    coefficient: str
    width: float
    wished: float
    clusters: int | None
    units: int | None
    annotators: int | None
    because: str | None


class Variable(Record, frozen=True, kw_only=True):
    """Everything about one choice, attribute, span label or label column.

    ``about`` says what its units are: items, or spans that were matched.
    """

    name: str
    about: Literal["item", "span"]
    level: Level
    values: tuple[str, ...]
    basis: Basis
    figures: tuple[Figure, ...]
    by_value: tuple[ByValue, ...]
    pairs: tuple[Pair, ...]
    annotators: tuple[Use, ...]
    confusion: tuple[Confusion, ...]
    course: tuple[Stretch, ...]
    consistency: tuple[Consistency, ...]
    needed: tuple[Needed, ...]


class Errors(Record, frozen=True, kw_only=True):
    """Where two annotators differ on spans, counted in spans of both; ``label`` null for all.

    ``same`` have the same borders and label; ``borders`` overlap and have the same label; ``types``
    have the same borders and another label; ``both`` overlap and have another label; ``missed``
    were marked by one of the two only.
    """

    label: str | None
    same: int
    borders: int
    types: int
    both: int
    missed: int


class Layer(Record, frozen=True, kw_only=True):
    """Everything about the spans of one layer; ``settled`` are figures against settled spans.

    In the basis of F1 units are items that two annotators or more looked at, and ratings the spans
    that they marked there: each counted once in all, and for a pair, a label or an annotator as
    often as it is compared. Errors are of all pairs together.
    """

    name: str
    labels: tuple[str, ...]
    basis: Basis
    figures: tuple[Figure, ...]
    by_label: tuple[ByValue, ...]
    pairs: tuple[Pair, ...]
    annotators: tuple[Use, ...]
    errors: tuple[Errors, ...]
    settled: tuple[Use, ...]
    course: tuple[Stretch, ...]
    consistency: tuple[Consistency, ...]
    needed: tuple[Needed, ...]


class Difference(Record, frozen=True, kw_only=True):
    """A coefficient of this study minus that of another; null as in `figures.Figure`."""

    coefficient: str
    value: float | None = None
    low: float | None = None
    high: float | None = None
    undefined: str | None = None
    unsure: str | None = None


class Between(Record, frozen=True, kw_only=True):
    """The main figures of one round, or one part of a table, beside those of others.

    ``guidelines`` is the digest of those that it was given; ``figures`` by variable or layer, and
    ``differences`` what the study of the report has above them.
    """

    name: str
    guidelines: str | None
    figures: dict[str, tuple[Figure, ...]]
    differences: dict[str, tuple[Difference, ...]] = msgspec.field(default_factory=dict)


class Said(Record, frozen=True, kw_only=True):
    """What one annotator said of a contested item: values by variable, and spans by layer."""

    annotator: str
    values: dict[str, tuple[str, ...]]
    spans: dict[str, tuple[Span, ...]]


class Contested(Record, frozen=True, kw_only=True):
    """An item on which annotators differ much; ``share`` of all comparisons there that differ."""

    item: str
    cluster: str
    text: str | None
    share: float
    said: tuple[Said, ...]


class AgreementReport(Record, frozen=True, kw_only=True):
    """All there is to say of the agreement in a round or table; agreement.json."""

    format: int = FORMAT
    sikap: str
    source: str
    kind: Literal["round", "table"]
    items: int
    annotators: tuple[str, ...]
    options: Options
    definitions: dict[str, Definition]
    variables: tuple[Variable, ...]
    layers: tuple[Layer, ...]
    between: tuple[Between, ...]
    contested: tuple[Contested, ...]
    problems: tuple[Problem, ...]

    @property
    def parts(self) -> tuple[Variable | Layer, ...]:
        """All variables and layers as they are read: what matched spans were called comes last."""
        items = [one for one in self.variables if one.about == "item"]
        spans = [one for one in self.variables if one.about == "span"]
        return (*items, *self.layers, *spans)

    @property
    def drawn(self) -> Literal["article", "cluster", "item"]:
        """What is drawn for the intervals: in a table without clusters each item by itself."""
        if self.kind == "round":
            return "article"
        of_items = (
            one.basis for one in self.parts if isinstance(one, Layer) or one.about == "item"
        )
        return "item" if all(one.clusters == one.units for one in of_items) else "cluster"
