"""The page of a report: one file that needs no network and runs no script.

It is made of a report alone, so that agreement.json and report.html cannot differ, and gives the
same bytes on every machine. Everything in it but our own words is somebody's input: templates
escape it, control characters are made to be seen, and each piece is isolated from the direction of
its neighbours.
"""

import msgspec
from markupsafe import Markup

from sikap.agreement.figures import main_figure
from sikap.agreement.html import sections
from sikap.agreement.html import wording as sentences
from sikap.agreement.html.charting import Pen
from sikap.agreement.html.contested_items import colours, versions
from sikap.agreement.html.formatting import UNITS, count, interval, number, plain, visible
from sikap.agreement.report import AgreementReport, Layer, Variable
from sikap.rendering.templates import csp_hash, source, templates

STYLE = ("base.css", "marks.css", "report.css")
MOST_PROBLEMS = 100
MOST_CONTESTED = 20


class Verdict(msgspec.Struct, frozen=True, kw_only=True):
    """What the summary says of a variable or layer; ``key`` is that of its section."""

    key: str
    name: str
    kind: str
    value: str
    interval: str
    title: str
    notes: tuple[str | Markup, ...]
    basis: str


def page(report: AgreementReport) -> str:
    """The report.html of a report: the same bytes for the same report."""
    pen = Pen(report)
    given = [(_key(report, one), one) for one in report.parts]
    between = sections.between(pen, report)
    parts = [
        sections.layer(pen, one, key)
        if isinstance(one, Layer)
        else sections.variable(pen, one, key)
        for key, one in given
    ]
    places = {
        (layer.name, label): place
        for layer in report.layers
        for place, label in enumerate(layer.labels)
    }
    environment = templates("sikap.agreement.html", finalize=visible)
    environment.filters["plain"] = plain
    # Ours, with colours that are hexadecimal digits; so it alone goes in as it is.
    style = source(environment, *STYLE) + colours(max(places.values(), default=0) + 1)
    return environment.get_template("report.html.jinja").render(
        report=report,
        facts=_facts(report),
        verdicts=[_verdict(one, key, pen) for key, one in given],
        overview=sections.overview(pen, report),
        problems=report.problems[:MOST_PROBLEMS],
        more_problems=len(report.problems[MOST_PROBLEMS:]),
        sections=[*parts, *([between] if between else [])],
        contested=[versions(one, places) for one in report.contested[:MOST_CONTESTED]],
        titles=pen.titles,
        style=style,
        style_hash=csp_hash(style),
    )


def _key(report: AgreementReport, one: Variable | Layer) -> str:
    """What links to a section say: its place among variables, or among layers."""
    if isinstance(one, Layer):
        return f"l{report.layers.index(one) + 1}"
    return f"v{report.variables.index(one) + 1}"


def _facts(report: AgreementReport) -> str:
    options = report.options
    drawn = f"{count(options.replicates, 'replicate')} by {report.drawn}, seed {options.seed}"
    unused = "count" if options.unused == "count" else "do not count"
    return " · ".join(
        (
            count(report.items, "item"),
            count(len(report.annotators), "annotator"),
            f"{100 * options.confidence:.4g}% intervals of {drawn}",
            f"values of a scale that nobody gave {unused}",
            f"sikap {report.sikap}",
        )
    )


def _verdict(given: Variable | Layer, key: str, pen: Pen) -> Verdict:
    figure = main_figure(given.figures)
    known = figure is not None and figure.value is not None
    if isinstance(given, Layer):
        about, kind, rated, notes = "item", "spans", "span", sentences.of_layer(given)
    else:
        about, rated, notes = given.about, "rating", sentences.of_variable(given)
        kind = UNITS[about][1]
    return Verdict(
        key=key,
        name=given.name,
        kind=kind,
        value=number(figure.value) if figure and figure.value is not None else "undefined",
        interval=interval(figure) if figure is not None and known else "",
        title=pen.title(figure.coefficient) if figure else "",
        notes=(*sentences.plain_agreement(given.figures), *notes),
        basis=sentences.basis(given.basis, about, pen.drawn, rated),
    )
