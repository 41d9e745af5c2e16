"""How far the annotators of any table, or of a Label Studio export, agree."""

from collections.abc import Iterator, Sequence
from pathlib import Path

from sikap.agreement.engine import analyse
from sikap.agreement.exported import studied
from sikap.agreement.figures import Figure
from sikap.agreement.layout import Layout, Wishes, layout_of
from sikap.agreement.report import AgreementReport
from sikap.agreement.study import Options
from sikap.agreement.tables import Tabled, tabled
from sikap.describe.tokens import tokenize
from sikap.errors import InputError, Problem, raise_if
from sikap.records import Extent
from sikap.rounds.exports import decode_export
from sikap.rounds.foreign import read_foreign
from sikap.steps.report import STAGES, Report, from_here
from sikap.store import encode_json, read_bytes, uncollected, write_bytes
from sikap.tabular.delimited import DELIMITERS
from sikap.tabular.formats import entries_of, format_of, is_export, read_table

AGREEMENT = "agreement.json"
MOST_REPLICATES = 100_000
LARGEST = 2 << 30
"""Bytes of a file that is read whole."""


class MeasuredReport(Report, frozen=True, kw_only=True):
    """The figures of a table, and where they were written."""

    agreement: AgreementReport
    files: tuple[str, ...]

    def lines(self) -> Iterator[str]:
        """Yield a table of figures for each variable and layer, and what to do next."""
        found = self.agreement
        yield f"{found.source}: {found.items} items, {len(found.annotators)} annotators"
        for variable in found.variables:
            yield ""
            yield f"{variable.name} ({variable.level}, {len(variable.values)} values)"
            yield from map(self._line, variable.figures)
        for layer in found.layers:
            yield ""
            yield f"{layer.name} (spans, {len(layer.labels)} labels)"
            yield from map(self._line, layer.figures)
        yield from self._between()
        yield ""
        yield from (f"written: {file}" for file in self.files)
        if not self.files:
            yield "next: --output DIR writes agreement.json with everything, --json prints it"

    def _line(self, figure: Figure) -> str:
        title = self.agreement.definitions[figure.coefficient].title
        return f"  {title}: {told(figure, self.agreement.options)}"

    def _between(self) -> Iterator[str]:
        for part in self.agreement.between:
            yield ""
            yield f"{part.name}:"
            for name, figures in part.figures.items():
                for figure in figures:
                    yield f"  {name}, {self._line(figure).strip()}"


def told(figure: Figure, options: Options) -> str:
    """A figure for people: value, interval and basis, or why there is none."""
    if figure.value is None:
        return f"undefined, because {figure.undefined}"
    basis = figure.basis
    text = f"{figure.value:.4f}"
    if figure.low is not None and figure.high is not None:
        text += f" ({options.confidence:.0%}: {figure.low:.4f} to {figure.high:.4f})"
    elif figure.unsure is not None:
        text += f" (no interval: {figure.unsure})"
    units = "1 unit" if basis.units == 1 else f"{basis.units} units"
    return f"{text}, of {units} and {basis.ratings} ratings"


def agreement(
    path: Path,
    wishes: Wishes,
    options: Options,
    *,
    delimiter: str | None = None,
    output: Path | None = None,
) -> MeasuredReport:
    """Read a table, compute all figures, and write agreement.json where ``output`` names a folder.

    Raises InputError with everything that must be mended first; nothing is written then.
    """
    _check(options, delimiter)
    STAGES.info("reading %s", path.name)
    with uncollected():
        read = _read(path, wishes, delimiter)
    STAGES.info("computing figures")
    report = analyse(read.study, options, kind="table", others=read.parts, problems=read.problems)
    files: tuple[str, ...] = ()
    if output is not None:
        write_bytes(output / AGREEMENT, encode_json(report))
        files = (from_here(output / AGREEMENT),)
    return MeasuredReport(agreement=report, files=files, problems=report.problems)


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
