"""Print reports and errors: lines for people or one JSON object, problems on standard error."""

import contextlib
import logging
import sys
import time
from collections.abc import Callable, Iterable, Iterator
from functools import wraps
from typing import TYPE_CHECKING, TypeVar

import click

if TYPE_CHECKING:
    from sikap.errors import Problem
    from sikap.steps.report import Report

T = TypeVar("T")
SHOWN = 50
"""Problems on a terminal; --json tells all."""
ALIKE = 3
"""Problems that say the same of several places."""


def reports(step: Callable[..., "Report"]) -> Callable[..., None]:
    """Make a command of a function that returns a report: ``--json``, printing, exit code."""

    @click.option("--json", "as_json", is_flag=True, help="Print one JSON object instead of text.")
    @wraps(step)
    def command(*args: object, as_json: bool, **kwargs: object) -> None:
        report = step(*args, **kwargs)
        show(report, as_json=as_json)
        if report.failed:
            raise SystemExit(1)

    return command


def show(report: "Report", *, as_json: bool) -> None:
    """Print a report."""
    if as_json:
        show_json(report)
        return
    for line in report.lines():
        click.echo(one_line(line))
    show_problems(report.problems)


def watch(look: Callable[[], "Report"], seconds: float, *, as_json: bool) -> None:
    """Print a report again and again, with so many seconds between, until Ctrl-C.

    A terminal shows the newest one alone. A server that fails meanwhile is asked again.
    """
    from sikap.errors import ServiceError

    try:
        while True:
            try:
                report = look()
            except ServiceError as error:
                show_problems(error.problems)
            else:
                if sys.stdout.isatty():
                    click.clear()
                show(report, as_json=as_json)
            sys.stdout.flush()
            time.sleep(seconds)
    except KeyboardInterrupt:
        return


def show_json(value: object) -> None:
    """Print a value as JSON, with escapes for whatever could steer a terminal."""
    import msgspec

    text = msgspec.json.format(msgspec.json.encode(value), indent=2).decode()
    click.echo("".join(c if c.isprintable() or c == "\n" else escaped(c) for c in text))


def escaped(character: str) -> str:
    """A character as JSON writes it in ASCII."""
    units = character.encode("utf-16-be")
    return "".join(f"\\u{units[at : at + 2].hex()}" for at in range(0, len(units), 2))


def show_problems(problems: "Iterable[Problem]") -> None:
    """Print problems on standard error, a line each, those together that say the same.

    Of very many, and of many that say the same, only the first ones are shown.
    """
    alike: dict[tuple[str, str, str], list[Problem]] = {}
    for problem in problems:
        alike.setdefault((problem.code, problem.found, problem.fix), []).append(problem)
    room, more = SHOWN, 0
    for same in alike.values():
        # One line that speaks of one more would say less than that one itself.
        some = (same if len(same) <= ALIKE + 1 else same[:ALIKE])[:room]
        for problem in some:
            click.echo(one_line(str(problem)), err=True)
        room -= len(some)
        if not room:
            more += len(same) - len(some)
        elif len(some) < len(same):
            click.echo(f"… and {len(same) - len(some)} more like it (--json shows all)", err=True)
    if more:
        click.echo(f"… and {more} more (--json shows all)", err=True)


def one_line(text: str) -> str:
    """The text with control characters written out: what a file holds must not steer a terminal."""
    return "".join(c if c.isprintable() else repr(c)[1:-1] for c in text)


def show_stages() -> None:
    """Tell people at a terminal what long work is at; elsewhere nobody asks."""
    stages = logging.getLogger("sikap.stages")
    if sys.stderr.isatty() and not stages.handlers:
        handler = logging.StreamHandler()
        handler.setFormatter(logging.Formatter("%(message)s …"))
        stages.addHandler(handler)
        stages.setLevel(logging.INFO)
        stages.propagate = False


def progress(items: Iterable[T], what: str) -> Iterator[T]:
    """Show a bar on a terminal; elsewhere one plain line when all is done."""
    from tqdm import tqdm

    if sys.stderr.isatty():
        yield from tqdm(items, desc=what, unit="", dynamic_ncols=True)
        return
    count = 0
    for count, item in enumerate(items, 1):  # noqa: B007
        yield item
    click.echo(f"{what}: {count}", err=True)


@contextlib.contextmanager
def bar(what: str) -> Iterator[Callable[[int, int], object]]:
    """A function that is told how much is done, and of how much: a bar on a terminal."""
    from tqdm import tqdm

    if not sys.stderr.isatty():
        yield lambda _done, _all: None
        return
    with tqdm(desc=what, unit="", dynamic_ncols=True) as shown:

        def told(done: int, of: int) -> None:
            shown.total, shown.n = of, done
            shown.refresh()

        yield told
