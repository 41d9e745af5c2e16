"""Agreement reports by hand, with every field filled: what a page must be able to show."""

from collections.abc import Sequence
from itertools import combinations

from sikap.agreement.figures import Basis, Figure
from sikap.agreement.report import (
    AgreementReport,
    Between,
    ByValue,
    Confusion,
    Consistency,
    Contested,
    Definition,
    Difference,
    Errors,
    Layer,
    Needed,
    Pair,
    Said,
    Stretch,
    Use,
    Variable,
)
from sikap.agreement.study import Options
from sikap.errors import Problem
from sikap.records import Span

BASIS = Basis(units=240, ratings=720, annotators=3, clusters=40)
NONE = Basis(units=0, ratings=0, annotators=0, clusters=0)
COEFFICIENTS = ("percent-agreement", "krippendorff-alpha", "fleiss-kappa", "gwet-ac1")
TITLES = ("Percent agreement", "Krippendorff's α", "Fleiss' κ", "Gwet's AC1")
ANNOTATORS = ("ani", "budi", "citra")
VALUES = ("favor", "against", "neutral")
TEXT = "Partai 🌾 Tani mengecam Menteri Adi di Pasar Baru Kota Lama."
HOSTILE = (
    "<script>document.title='ran'</script><img src=x onerror=\"document.title='ran'\">"
    '</style></svg></p> {{ 7 * 7 }} $\\frac{1}{2}$ style="fill: red" T0 '
    + "panjang" * 30
    + " \u202eاب \x00\x1b[31m\x85 👩🏽\u200d🌾 -->"
)


def fig(
    coefficient: str,
    value: float | None,
    apart: float | None = 0.06,
    *,
    undefined: str | None = None,
    unsure: str | None = None,
    basis: Basis = BASIS,
) -> Figure:
    """A figure whose interval reaches as far to both sides; or one without."""
    known = value is not None and apart is not None
    return Figure(
        coefficient=coefficient,
        value=value,
        low=max(-1.0, value - apart) if value is not None and apart is not None else None,
        high=min(1.0, value + apart) if value is not None and apart is not None else None,
        undefined=(undefined or "no unit has two ratings") if value is None else None,
        unsure=unsure or ("there is one cluster only" if not known and value is not None else None),
        basis=basis if value is not None else NONE,
    )


def figs(value: float) -> tuple[Figure, ...]:
    """A figure of each coefficient, the last one without value."""
    return (
        *(fig(name, max(-1, value - 0.02 * n)) for n, name in enumerate(COEFFICIENTS[:-1])),
        fig(COEFFICIENTS[-1], None, undefined="everybody gave one and the same value"),
    )


def variable(
    name: str = "stance",
    annotators: Sequence[str] = ANNOTATORS,
    values: Sequence[str] = VALUES,
    value: float = 0.71,
) -> Variable:
    """A variable with all there is to say of it."""
    return Variable(
        name=name,
        about="span" if name == "holder" else "item",
        level="nominal",
        values=tuple(values),
        basis=BASIS,
        figures=figs(value),
        by_value=tuple(
            ByValue(value=one, count=300 - 5 * n, figures=figs(value - 0.1 * (n % 7)))
            for n, one in enumerate(values)
        ),
        pairs=tuple(
            Pair(one=one, other=other, figures=figs(0.9 - 0.13 * (n % 9)))
            for n, (one, other) in enumerate(combinations(annotators, 2))
        ),
        annotators=tuple(use(one, n, values) for n, one in enumerate(annotators)),
        confusion=(
            confusion(None, values),
            *(confusion(one, values) for one in annotators[:20]),
        ),
        course=course(value),
        consistency=tuple(
            Consistency(annotator=one, figures=figs(0.85)) for one in (None, *annotators)
        ),
        needed=(
            Needed(
                coefficient="krippendorff-alpha",
                width=0.14,
                wished=0.1,
                clusters=82,
                units=490,
                annotators=5,
                because=None,
            ),
            Needed(
                coefficient="fleiss-kappa",
                width=0.3,
                wished=0.1,
                clusters=None,
                units=None,
                annotators=None,
                because="there are two clusters only",
            ),
        ),
    )


def use(annotator: str, n: int, values: Sequence[str] = VALUES) -> Use:
    """How an annotator uses the values."""
    return Use(
        annotator=annotator,
        counts={value: 80 - 7 * ((n + k) % 5) for k, value in enumerate(values)},
        expected={value: 72.5 - 4 * (k % 3) for k, value in enumerate(values)},
        figures=figs(0.75 - 0.02 * (n % 10)),
    )


def confusion(of: str | None, values: Sequence[str] = VALUES) -> Confusion:
    """A table with most of its counts on the diagonal."""
    return Confusion(
        of=of,
        values=tuple(values),
        table=tuple(
            tuple(90 if i == j else (i + j) % 4 * 5 for j in range(len(values)))
            for i in range(len(values))
        ),
    )


def course(value: float) -> tuple[Stretch, ...]:
    """Eight parts of a round."""
    return tuple(
        Stretch(
            start=30 * n,
            end=30 * n + 30,
            since=f"2026-03-{n + 1:02}T09:00:00Z",
            until=f"2026-03-{n + 1:02}T11:30:00Z",
            figures=(
                fig("percent-agreement", 0.8),
                fig("krippendorff-alpha", value - 0.02 * n, 0.1),
            ),
        )
        for n in range(8)
    )


def layer(name: str = "entities", annotators: Sequence[str] = ANNOTATORS) -> Layer:
    """A layer with all there is to say of it."""
    labels = ("PER", "ORG", "GPE")
    return Layer(
        name=name,
        labels=labels,
        basis=BASIS,
        figures=figs(0.83),
        by_label=tuple(
            ByValue(value=one, count=100 + n, figures=figs(0.8 - 0.2 * n))
            for n, one in enumerate(labels)
        ),
        pairs=tuple(
            Pair(one=one, other=other, figures=figs(0.8))
            for one, other in combinations(annotators, 2)
        ),
        annotators=tuple(use(one, n, labels) for n, one in enumerate(annotators)),
        errors=tuple(
            Errors(label=label, same=120 - n, borders=20, types=7 * n, both=3, missed=30 + 9 * n)
            for n, label in enumerate((None, *labels))
        ),
        settled=tuple(use(one, n, labels) for n, one in enumerate(annotators)),
        course=course(0.8),
        consistency=(Consistency(annotator=None, figures=figs(0.9)),),
        needed=(),
    )


def span(surface: str, label: str, stance: str = "", text: str = TEXT) -> Span:
    """A span where a surface stands in a text."""
    start = text.index(surface)
    attributes: dict[str, tuple[str, ...]] = {"stance": (stance,)} if stance else {}
    return Span(start=start, end=start + len(surface), label=label, attributes=attributes)


def contested(item: str = "i1", text: str | None = TEXT) -> Contested:
    """An item with overlapping and nested spans; two annotators said the same."""
    words = (span("Menteri Adi", "PER", "against"), span("Pasar Baru Kota Lama", "ORG"))
    nested = (span("Pasar Baru Kota Lama", "ORG"), span("Kota Lama", "GPE", "neutral"))
    crossing = (span("Pasar Baru", "ORG"), span("Baru Kota", "GPE"), span("Partai 🌾 Tani", "ORG"))
    return Contested(
        item=item,
        cluster="artikel-1",
        text=text,
        share=0.83,
        said=(
            Said(annotator="ani", values={"stance": ("favor",)}, spans={"entities": words}),
            Said(annotator="budi", values={"stance": ("against",)}, spans={"entities": nested}),
            Said(annotator="citra", values={"stance": ("favor",)}, spans={"entities": words}),
            Said(annotator="dewi", values={"stance": ()}, spans={"entities": ()}),
            Said(annotator="eka", values={"stance": ("neutral",)}, spans={"entities": crossing}),
        ),
    )


def report(
    variables: Sequence[Variable] | None = None,
    layers: Sequence[Layer] | None = None,
    contested_items: Sequence[Contested] | None = None,
    source: str = "production-1",
    annotators: Sequence[str] = ANNOTATORS,
) -> AgreementReport:
    """A report of a round in which nothing is empty, unless told."""
    many = tuple(contested(f"item-{n}") for n in range(3))
    return AgreementReport(
        sikap="0.0.0",
        source=source,
        kind="round",
        items=240,
        annotators=tuple(annotators),
        options=Options(),
        definitions={
            name: Definition(title=title, text=f"What {title} is.", source="Somebody 2011, A book")
            for name, title in zip(COEFFICIENTS, TITLES, strict=True)
        },
        variables=(variable(), variable("holder", value=0.55))
        if variables is None
        else tuple(variables),
        layers=(layer(),) if layers is None else tuple(layers),
        between=(
            Between(
                name="calibration-1",
                guidelines="ab" * 32,
                figures={"stance": figs(0.5)[:2]},
                differences={
                    "stance": (
                        Difference(
                            coefficient="krippendorff-alpha", value=0.2, low=-0.01, high=0.41
                        ),
                        Difference(
                            coefficient="percent-agreement", undefined="one of the two is undefined"
                        ),
                    )
                },
            ),
            Between(
                name="calibration-2",
                guidelines="cd" * 32,
                figures={"stance": figs(0.6)[:2]},
                differences={},
            ),
        ),
        contested=many if contested_items is None else tuple(contested_items),
        problems=(
            Problem(
                code="settings", found="the value 'Favor ' beside 'favor'", fix="mend the table"
            ),
        ),
    )


def empty() -> AgreementReport:
    """A report of nothing."""
    return AgreementReport(
        sikap="0.0.0",
        source="nothing",
        kind="table",
        items=0,
        annotators=(),
        options=Options(),
        definitions={},
        variables=(),
        layers=(),
        between=(),
        contested=(),
        problems=(),
    )


def undefined() -> AgreementReport:
    """A report of one annotator, of whom no figure exists."""
    nothing = tuple(fig(name, None) for name in COEFFICIENTS)
    one = Variable(
        name="stance",
        about="item",
        level="ordinal",
        values=("yes",),
        basis=NONE,
        figures=nothing,
        by_value=(ByValue(value="yes", count=3, figures=nothing),),
        pairs=(Pair(one="ani", other="budi", figures=nothing),),
        annotators=(Use(annotator="ani", counts={}, expected={}, figures=nothing),),
        confusion=(Confusion(of=None, values=("yes",), table=((0,),)),),
        course=(Stretch(start=0, end=3, since=None, until=None, figures=nothing),),
        consistency=(Consistency(annotator=None, figures=nothing),),
        needed=(),
    )
    return report((one,), (), (), annotators=("ani",))


def hostile() -> AgreementReport:
    """A report in which every text is hostile."""
    names = tuple(f"{n}{HOSTILE}" for n in range(3))
    text = HOSTILE
    item = Contested(
        item=HOSTILE,
        cluster=HOSTILE * 2,
        text=text,
        share=1.0,
        said=(
            Said(
                annotator=names[0],
                values={HOSTILE: (HOSTILE,)},
                spans={
                    HOSTILE: (
                        Span(start=0, end=9, label=HOSTILE, attributes={HOSTILE: (HOSTILE,)}),
                        Span(start=4, end=len(text), label=HOSTILE, attributes={}),
                    )
                },
            ),
            Said(
                annotator=names[1],
                values={},
                spans={"x": (Span(start=0, end=10**6, label="x", attributes={}),)},
            ),
        ),
    )
    return report(
        (variable(HOSTILE, names, names),), (layer(HOSTILE, names),), (item,), HOSTILE, names
    )


def crowded() -> AgreementReport:
    """A report of a hundred annotators and fifty values with long names."""
    annotators = tuple(f"worker-{n:04}@a-very-long-name.example" for n in range(100))
    values = tuple(f"a value with quite a long name, number {n}" for n in range(50))
    return report((variable("topic", annotators, values, 0.3),), (), annotators=annotators)
