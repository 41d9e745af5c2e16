"""The page of a report: one file that needs no network and runs no script.

It is made of a report alone, so that agreement.json and report.html cannot differ, and gives the
same bytes on every machine. Everything in it but our own words is somebody's input: templates
escape it, control characters are made to be seen, and each piece is isolated from the direction of
its neighbours.
"""

import msgspec
from markupsafe import Markup

from sikap.agreement import summary
from sikap.agreement.blocks import main_figure
from sikap.agreement.report import AgreementReport, Layer, Variable
from sikap.agreement.sections import Sections
from sikap.agreement.shown import count, interval, number, visible
from sikap.agreement.versions import colours, versions
from sikap.describe.templating import csp_hash, source, templates

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
    sections = Sections(report)
    variables = [sections.variable(one, place) for place, one in enumerate(report.variables, 1)]
    layers = [sections.layer(one, place) for place, one in enumerate(report.layers, 1)]
    between = sections.between()
    places = {
        (layer.name, label): place
        for layer in report.layers
        for place, label in enumerate(layer.labels)
    }
    environment = templates("sikap.agreement", finalize=visible)
    # Ours, with colours that are hexadecimal digits; so it alone goes in as it is.
    style = source(environment, *STYLE) + colours(max(places.values(), default=0) + 1)
    return environment.get_template("report.html.jinja").render(
        report=report,
        facts=_facts(report),
        verdicts=[
            *(_verdict(one, f"v{n}", sections, report.kind) for n, one in enumerate(report.variables, 1)),
            *(_verdict(one, f"l{n}", sections, report.kind) for n, one in enumerate(report.layers, 1)),
        ],
        overview=sections.overview(),
        problems=report.problems[:MOST_PROBLEMS],
        more_problems=len(report.problems[MOST_PROBLEMS:]),
        sections=[*variables, *layers, *([between] if between else [])],
        contested=[versions(one, places) for one in report.contested[:MOST_CONTESTED]],
        titles=sections.titles,
        style=style,
        style_hash=csp_hash(style),
    )


def _facts(report: AgreementReport) -> str:
    options = report.options
    cluster = "article" if report.kind == "round" else "cluster"
    unused = "count" if options.unused == "count" else "do not count"
    return " · ".join(
        (
            count(report.items, "item"),
            count(len(report.annotators), "annotator"),
            f"{options.confidence:.4g} intervals of {count(options.replicates, 'replicate')} by "
            f"{cluster}, seed {options.seed}",
            f"values of a scale that nobody gave {unused}",
            f"sikap {report.sikap}",
        )
    )


def _verdict(given: Variable | Layer, key: str, sections: Sections, kind: str) -> Verdict:
    figure = main_figure(given.figures)
    known = figure is not None and figure.value is not None
    layer = isinstance(given, Layer)
    about = "item" if isinstance(given, Layer) else given.about
    notes = summary.of_layer(given) if isinstance(given, Layer) else summary.of_variable(given)
    return Verdict(
        key=key,
        name=given.name,
        kind="spans" if layer else "of matched spans" if about == "span" else "of items",
        value=number(figure.value) if figure is not None and figure.value is not None else "undefined",
        interval=interval(figure) if figure is not None and known else "",
        title=sections.titles.get(figure.coefficient, figure.coefficient) if figure else "",
        notes=(summary.headline(given.figures, sections.titles), *notes),
        basis=summary.basis(given.basis, about, kind),
    )
