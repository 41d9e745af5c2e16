"""How far the annotators of any table, or of a Label Studio export, agree."""

from collections.abc import Iterator, Sequence
from pathlib import Path

from sikap.agreement import text_summary
from sikap.agreement.analyse import analyse
from sikap.agreement.figures import Figure
from sikap.agreement.report import AgreementReport, Layer, Variable
from sikap.agreement.study import Options, option_problems
from sikap.agreement.tables.column_roles import Layout, TableRequest, layout_of
from sikap.agreement.tables.table_study import Tabled, tabled
from sikap.errors import InputError, Problem, raise_if
from sikap.formats.csv import DELIMITERS
from sikap.formats.read_table import entries_of, format_of, is_export, read_table
from sikap.label_studio.wire.exports import decode_export
from sikap.label_studio.wire.foreign_exports import read_foreign
from sikap.label_studio.wire.foreign_study import studied
from sikap.records import Extent
from sikap.steps.project_files import AGREEMENT, PAGE
from sikap.steps.report import STAGES, Report, from_here
from sikap.steps.write_agreement import write_agreement
from sikap.storage.files import read_bytes, uncollected
from sikap.text.tokens import tokenize

LARGEST = 2 << 30
"""Bytes of a file that is read whole."""
CHARACTERS = {name: character for character, name in DELIMITERS.items()}
"""What delimiters are, by the names of `--delimiter`."""


class TableReport(Report, frozen=True, kw_only=True):
    """The figures of a table, and where they were written; ``folder`` is null where nowhere."""

    agreement: AgreementReport
    folder: str | None
    changed: bool

    def lines(self) -> Iterator[str]:
        """Yield a table of figures for each variable and layer, and what to do next."""
        found, options = self.agreement, self.agreement.options
        people = _counted(len(found.annotators), "annotator")
        yield f"{found.source}: {_counted(found.items, 'item')}, {people}"
        if options.replicates:
            share, of = 100 * options.confidence, f"{found.drawn}s"
            yield f"intervals of {share:g} % from {options.replicates} draws of {of}"
        for one in found.parts:
            yield from self._figures(f"{one.name} ({_kind(one)})", (*one.figures, *_of_two(one)))
        for part in found.between:
            for name, figures in part.figures.items():
                yield from self._figures(f"{part.name}: {name}", figures)
        yield ""
        if causes := list(text_summary.causes(found)):
            yield from (*causes, "")
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


def _kind(one: Variable | Layer) -> str:
    """What a variable or layer is, in brackets behind its name."""
    if isinstance(one, Layer):
        return f"spans, {_counted(len(one.labels), 'label')}"
    of = "items" if one.about == "item" else "on spans that two marked"
    return f"{of}, {one.level}, {_counted(len(one.values), 'value')}"


def _of_two(one: Variable | Layer) -> tuple[Figure, ...]:
    """What there is of two annotators alone, where there are no others: Cohen's κ, Scott's π."""
    known = {figure.coefficient for figure in one.figures}
    return tuple(
        figure
        for pair in one.pairs
        if len(one.pairs) == 1
        for figure in pair.figures
        if figure.coefficient not in known
    )


def _told(figure: Figure) -> tuple[str, str, str]:
    """A figure for people: value, interval, and its basis or why there is none."""
    basis = figure.basis
    of = f"{_counted(basis.units, 'unit')}, {_counted(basis.ratings, 'rating')}"
    if figure.value is None:
        return "–", "", f"undefined, because {figure.undefined}"
    if figure.low is None or figure.high is None:
        return f"{figure.value:.4f}", "", f"{of}; no interval: {figure.unsure}"
    unsure = "" if figure.unsure is None else f"; {figure.unsure}"
    return f"{figure.value:.4f}", f"{figure.low:.4f} to {figure.high:.4f}", f"{of}{unsure}"


def _counted(count: int, what: str) -> str:
    return f"{count} {what}" if count == 1 else f"{count} {what}s"


def measure_table_agreement(
    path: Path,
    request: TableRequest | None = None,
    options: Options | None = None,
    *,
    output: Path | None = None,
) -> TableReport:
    """Read a table, compute all figures, and write the report where ``output`` names a folder.

    Raises InputError with everything that must be mended first; nothing is written then.
    """
    request, options = request or TableRequest(), options or Options()
    _check(options, request.delimiter)
    STAGES.info("reading %s", path.name)
    with uncollected():
        read = _read(path, request)
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


def _read(path: Path, request: TableRequest) -> Tabled:
    file = path.name
    if path.is_file() and path.stat().st_size > LARGEST:
        found, fix = f"it has more than {LARGEST} bytes", "take a part of it"
        raise InputError(Problem(code="table-file", file=file, found=found, fix=fix))
    data = read_bytes(path, file, "name a table: CSV, TSV, JSONL, Parquet, or a JSON export")
    entries = entries_of(data, file) if format_of(data, file) == "json" else None
    if is_export(entries):
        return studied(read_foreign(decode_export(data), file), request, file, _tokens)
    layouts: list[Layout] = []

    def keep(header: Sequence[str]) -> set[str]:
        layouts.append(layout_of(request, header, file))
        return layouts[0].columns

    delimiter = CHARACTERS[request.delimiter] if request.delimiter else None
    table = read_table(data, file, keep, delimiter, entries)
    return tabled(table, layouts[0], _tokens if request.start else None)


def _tokens(text: str) -> tuple[Extent, ...]:
    return tokenize(text).extents


def _check(options: Options, delimiter: str | None) -> None:
    problems = list(option_problems(options))
    if delimiter is not None and delimiter not in CHARACTERS:
        found = f"--delimiter is {delimiter!r}"
        fix = f"give one of {', '.join(CHARACTERS)}"
        problems.append(Problem(code="table-option", found=found, fix=fix))
    raise_if(problems)
