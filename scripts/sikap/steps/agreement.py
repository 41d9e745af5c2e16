"""How far the annotators of any table, or of a Label Studio export, agree."""

from collections.abc import Iterator, Sequence
from pathlib import Path

from sikap.agreement.engine import analyse
from sikap.agreement.figures import Figure
from sikap.agreement.report import AgreementReport
from sikap.agreement.study import Options
from sikap.agreement.tables.layout import Layout, Wishes, layout_of
from sikap.agreement.tables.studies import Tabled, tabled
from sikap.describe.tokens import tokenize
from sikap.errors import InputError, Problem, raise_if
from sikap.records import Extent
from sikap.rounds.exports import decode_export
from sikap.rounds.foreign import read_foreign
from sikap.rounds.foreign_studies import studied
from sikap.steps.agreement_output import write_agreement
from sikap.steps.files import AGREEMENT, PAGE
from sikap.steps.report import STAGES, Report, from_here
from sikap.store import read_bytes, uncollected
from sikap.tabular.delimited import DELIMITERS
from sikap.tabular.formats import entries_of, format_of, is_export, read_table

MOST_REPLICATES = 100_000
LARGEST = 2 << 30
"""Bytes of a file that is read whole."""


class TableReport(Report, frozen=True, kw_only=True):
    """The figures of a table, and where they were written; ``folder`` is null where nowhere."""

    agreement: AgreementReport
    folder: str | None
    changed: bool

    def lines(self) -> Iterator[str]:
        """Yield a table of figures for each variable and layer, and what to do next."""
        found, options = self.agreement, self.agreement.options
        yield f"{found.source}: {found.items} items, {len(found.annotators)} annotators"
        if options.replicates:
            share = 100 * options.confidence
            yield f"intervals of {share:g} % from {options.replicates} draws of clusters"
        for one in found.variables:
            of = "items" if one.about == "item" else "matched spans"
            told = f"{one.name} ({of}, {one.level}, {_counted(len(one.values), 'value')})"
            yield from self._figures(told, one.figures)
        for layer in found.layers:
            labels = _counted(len(layer.labels), "label")
            yield from self._figures(f"{layer.name} (spans, {labels})", layer.figures)
        for part in found.between:
            for name, figures in part.figures.items():
                yield from self._figures(f"{part.name}: {name}", figures)
        yield ""
        if self.folder is None:
            yield "next: --output DIR writes a report with everything, --json prints it"
        else:
            state = "written" if self.changed else "nothing changed"
            yield f"{self.folder}/{AGREEMENT}, {self.folder}/{PAGE}: {state}"

    def _figures(self, heading: str, figures: Sequence[Figure]) -> Iterator[str]:
        """Yield a heading and a table: name, value, interval, what it is based on."""
        yield ""
        yield heading
        rows = [(self._title(one), *_told(one)) for one in figures]
        wide = [max(len(row[place]) for row in rows) for place in range(3)] if rows else []
        for row in rows:
            cells = (cell.ljust(width) for cell, width in zip(row, wide, strict=False))
            yield f"  {'  '.join(cells)}  {row[3]}".rstrip()

    def _title(self, figure: Figure) -> str:
        known = self.agreement.definitions.get(figure.coefficient)
        return figure.coefficient if known is None else known.title


def _told(figure: Figure) -> tuple[str, str, str]:
    """A figure for people: value, interval, and its basis or why there is none."""
    basis = figure.basis
    of = f"{_counted(basis.units, 'unit')}, {_counted(basis.ratings, 'rating')}"
    if figure.value is None:
        return "–", "", f"undefined, because {figure.undefined}"
    if figure.low is None or figure.high is None:
        return f"{figure.value:.4f}", "", f"{of}; no interval: {figure.unsure}"
    return f"{figure.value:.4f}", f"{figure.low:.4f} to {figure.high:.4f}", of


def _counted(count: int, what: str) -> str:
    return f"{count} {what}" if count == 1 else f"{count} {what}s"


def agreement(
    path: Path,
    wishes: Wishes,
    options: Options,
    *,
    delimiter: str | None = None,
    output: Path | None = None,
) -> TableReport:
    """Read a table, compute all figures, and write the report where ``output`` names a folder.

    Raises InputError with everything that must be mended first; nothing is written then.
    """
    _check(options, delimiter)
    STAGES.info("reading %s", path.name)
    with uncollected():
        read = _read(path, wishes, delimiter)
    STAGES.info("computing figures")
    report = analyse(read.study, options, kind="table", others=read.parts, problems=read.problems)
    if output is not None:
        STAGES.info("writing")
    return TableReport(
        agreement=report,
        folder=None if output is None else from_here(output),
        changed=output is not None and write_agreement(output, report),
        problems=report.problems,
    )


def _read(path: Path, wishes: Wishes, delimiter: str | None) -> Tabled:
    file = path.name
    if path.is_file() and path.stat().st_size > LARGEST:
        found, fix = f"it has more than {LARGEST} bytes", "take a part of it"
        raise InputError(Problem(code="table-file", file=file, found=found, fix=fix))
    data = read_bytes(path, file, "name a table: CSV, TSV, JSONL, Parquet, or a JSON export")
    entries = entries_of(data, file) if format_of(data, file) == "json" else None
    if is_export(entries):
        return studied(read_foreign(decode_export(data), file), wishes, file, _tokens)
    layouts: list[Layout] = []

    def keep(header: Sequence[str]) -> set[str]:
        layouts.append(layout_of(wishes, header, file))
        return layouts[0].columns

    table = read_table(data, file, keep, delimiter, entries)
    return tabled(table, layouts[0], _tokens if wishes.start else None)


def _tokens(text: str) -> tuple[Extent, ...]:
    return tokenize(text).extents


def _check(options: Options, delimiter: str | None) -> None:
    raise_if(_wrong(options, delimiter))


def _wrong(options: Options, delimiter: str | None) -> Iterator[Problem]:
    def problem(option: str, found: object, fix: str) -> Problem:
        return Problem(code="table-option", found=f"--{option} is {found!r}", fix=fix)

    if options.seed < 0:
        yield problem("seed", options.seed, "give a whole number from 0 up")
    if not 0 <= options.replicates <= MOST_REPLICATES:
        yield problem("replicates", options.replicates, f"give 0 to {MOST_REPLICATES}")
    if not 0 < options.confidence < 1:
        yield problem("confidence", options.confidence, "give a share, such as 0.95")
    if not 0 < options.width < 2:
        yield problem("width", options.width, "give a width of intervals, such as 0.1")
    if delimiter is not None and delimiter not in DELIMITERS:
        named = ", ".join(DELIMITERS.values())
        yield problem("delimiter", delimiter, f"give one of {named}")
