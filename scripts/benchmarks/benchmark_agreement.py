"""How fast coefficients of agreement are, as ratios against named peers measured in the same run.

Four parts: `loop` (α with replicates, against a loop over the krippendorff package), `growth`
(ours at 10³ to 10⁶ items, each in a process of its own, so that peaks of memory are its own),
`page` (a whole report of 20,000 synthetic items with spans: seconds and bytes) and
`peers` (a real or synthetic table, all coefficients, ours and those of other packages side by
side). Everything starts from ratings in memory, in the shape that whoever computes takes: columns
of codes for ours, a matrix, data frame or counts for the others. Seconds are of a processor, over
all threads, so that what else a machine does counts little.

irrCAC and simpledorff run in an environment of their own, which is made from `peers.lock` in the
user's cache folder: the first pins old versions of numpy and scipy.

Usage: python scripts/benchmarks/benchmark_agreement.py [--all] [--table TABLE] [PART ...]
"""

import argparse
import csv
import functools
import json
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

import krippendorff
import numpy as np
from numpy.typing import NDArray

from peak_memory import peak_mebibytes
from peer_environment import peer_python
from sikap.agreement.analyse import analyse
from sikap.agreement.categorical.coefficients import COEFFICIENTS, of_level, own_alpha
from sikap.agreement.categorical.variable import figures
from sikap.agreement.figures import Figure
from sikap.agreement.html.report_page import page
from sikap.agreement.ratings import Ratings, ratings_of
from sikap.agreement.study import Options, Study
from synthetic import study

HERE = Path(__file__).resolve().parent
TABLE = HERE.parents[2] / "shared" / "data" / "agreement" / "lewidi_md-agreement.csv"
PARTS = ("loop", "growth", "page", "peers")
PAGE_ITEMS = 20_000
ITEMS = 100_000
ARTICLE = 20
VALUES = ("against", "favor", "neutral")
SIZES = (1_000, 10_000, 100_000, 1_000_000)
REPLICATES = 1_000
ROUNDS = 30
"""Of the loop so many are measured, unless all are wished."""
WORKERS, CROWD, EACH = 819, 10_753, 5
RUNS = 3
SEED = 0

Row = tuple[str, str, str]
Matrix = NDArray[np.float64]


def synthetic(items: int, annotators: int = 3, article: int = 1) -> tuple[Matrix, Ratings]:
    """Invented ratings as a matrix (annotators × items) and as ours: two of three agree on most.

    Each annotator gives an item's own value in 74 of 100 cases and else one by lot, so that about
    70 % of pairs are equal.
    """
    chance = np.random.default_rng(SEED)
    own = chance.integers(len(VALUES), size=items)
    lot = chance.integers(len(VALUES), size=(annotators, items))
    value = np.where(chance.random((annotators, items)) < 0.74, own, lot)
    names = np.arange(items)
    clusters = -(-items // article)
    ratings = Ratings(
        name="stance",
        level="nominal",
        values=VALUES,
        items=tuple(f"{name:07}" for name in names),
        annotators=tuple(f"a{number}" for number in range(annotators)),
        clusters=tuple(f"{number:07}" for number in range(clusters)),
        item=np.tile(names, annotators),
        annotator=np.repeat(np.arange(annotators), items),
        value=value.reshape(-1),
        cluster=names // article,
        when=np.full(annotators * items, np.nan),
    )
    return value.astype(np.float64), ratings


def crowd() -> list[Row]:
    """An invented table in the shape of MD-Agreement: many workers, five an item, two labels."""
    chance = np.random.default_rng(SEED)
    rows = []
    for item in range(CROWD):
        share = chance.beta(0.6, 0.9)
        for worker in chance.choice(WORKERS, EACH, replace=False):
            rows.append((f"{item}", f"w{worker}", str(int(chance.random() < share))))
    return rows


def seconds(work: Callable[[], object], runs: int = RUNS) -> float:
    """Processor time, over all threads, of the fastest of a few runs."""
    times = []
    for _ in range(runs):
        start = time.process_time()
        work()
        times.append(time.process_time() - start)
    return min(times)


def ours(ratings: Ratings) -> Figure:
    """α with its interval."""
    wanted = (own_alpha(ratings.level),)
    (found,) = figures(ratings, Options(replicates=REPLICATES), wanted)
    return found


def their_loop(matrix: Matrix, article: int, rounds: int, *, counted: bool) -> NDArray[np.float64]:
    """α of the krippendorff package on columns that are drawn anew, whole articles at once.

    ``counted`` gives it how often each item got each value, which are counted once.
    """
    chance = np.random.default_rng(SEED)
    items = np.arange(matrix.shape[1]).reshape(-1, article)
    scale = list(range(len(VALUES)))
    kind: Any = {"value_domain": scale, "level_of_measurement": "nominal"}
    counts = np.stack([(matrix == value).sum(axis=0) for value in scale], axis=1)
    drawn = np.empty(rounds)
    for number in range(rounds):
        chosen = items[chance.integers(len(items), size=len(items))].reshape(-1)
        if counted:
            drawn[number] = krippendorff.alpha(value_counts=counts[chosen], **kind)
        else:
            drawn[number] = krippendorff.alpha(reliability_data=matrix[:, chosen], **kind)
    return drawn


def loop(rounds: int) -> None:
    """Ours against a loop over the krippendorff package."""
    print(
        f"α of {ITEMS:,} items × 3 annotators with {REPLICATES:,} replicates; of the loops "
        f"{rounds:,} rounds are measured" + (", scaled" if rounds < REPLICATES else "")
    )
    print(f"{'':<44}{'seconds':>9}{'ratio':>9}  interval")
    for article in (1, ARTICLE):
        matrix, ratings = synthetic(ITEMS, article=article)
        took, found = seconds(functools.partial(ours, ratings)), ours(ratings)
        drawn = "items" if article == 1 else f"articles of {article}"
        print(
            f"{f'sikap, {drawn} drawn':<44}{took:>9.2f}{'':>9}  {interval(found.low, found.high)}"
        )
        for counted in (False, True):
            start = time.process_time()
            values = their_loop(matrix, article, rounds, counted=counted)
            theirs = (time.process_time() - start) * REPLICATES / rounds
            name = f"krippendorff, {'counts' if counted else 'matrix'}, {drawn} drawn"
            ends = np.quantile(values, (0.025, 0.975))
            print(f"{name:<44}{theirs:>9.2f}{theirs / took:>7.0f} ×  {interval(*ends)}")


def interval(low: float | None, high: float | None) -> str:
    """The ends of an interval as text."""
    return "" if low is None or high is None else f"[{low:.6f}, {high:.6f}]"


def growth() -> None:
    """Ours by size; every size and kind in a process of its own."""
    print(f"\nGrowth: 3 annotators, {REPLICATES:,} replicates of articles of {ARTICLE}")
    print(f"{'items':>10}  {'':<22}{'seconds':>9}{'µs/item':>9}{'peak MiB':>9}{'data MiB':>9}")
    for what in ("alpha", "analyse"):
        for items in SIZES:
            command = [sys.executable, __file__, "--one", what, str(items)]
            done = subprocess.run(command, check=True, capture_output=True, text=True)
            found = json.loads(done.stdout)
            each = found["seconds"] / items * 1e6
            print(
                f"{items:>10,}  {NAMES[what]:<22}{found['seconds']:>9.2f}{each:>9.1f}"
                f"{found['peak']:>9.0f}{found['before']:>9.0f}"
            )


NAMES = {"alpha": "α with interval", "analyse": "the whole engine"}


def one(what: str, items: int) -> None:
    """Measure one size of `growth` in this process and print what was found as JSON."""
    _, ratings = synthetic(items, article=ARTICLE)
    before = peak_mebibytes()
    if what == "alpha":
        took = seconds(lambda: ours(ratings), 1)
    else:
        study = Study(name="growth", variables=(ratings,))
        took = seconds(lambda: analyse(study, Options(replicates=REPLICATES), kind="table"), 1)
    print(json.dumps({"seconds": took, "before": before, "peak": peak_mebibytes()}))


def peers(table: Path) -> None:
    """All coefficients of one table: ours, and those of other packages."""
    rows = read(table)
    start = time.process_time()
    ratings = ratings_of("label", rows)
    coded = time.process_time() - start
    options = Options(replicates=REPLICATES)
    study = Study(name="crowd", variables=(ratings,))
    start = time.process_time()
    report = analyse(study, options, kind="table")
    took = time.process_time() - start
    (variable,) = report.variables
    print(
        f"\n{table.name if table.exists() else 'A synthetic crowd'}: {len(ratings.items):,} items, "
        f"{len(rows):,} ratings by {len(ratings.annotators)} annotators\n"
        f"sikap, the whole engine ({len(variable.figures)} coefficients and all parts of the "
        f"report, {REPLICATES:,} replicates): {took:.2f} s; rows to codes: {coded:.2f} s"
    )
    many = of_level(ratings.level)
    alone = seconds(lambda: figures(ratings, options, many))
    print(f"sikap, the {len(many)} coefficients of any number of annotators alone: {alone:.2f} s")
    print(f"{'coefficient':<28}{'by':<16}{'value':>10}  {'interval':<24}{'seconds':>9}")
    said = their_figures(rows)
    for figure in variable.figures:
        name = figure.coefficient
        mine = None
        if name in COEFFICIENTS:
            mine = seconds(functools.partial(figures, ratings, options, (name,)))
        line(name, "sikap", figure.value, (figure.low, figure.high), mine)
        for peer, found in said:
            if found["coefficient"] == name:
                ends = (*found["ends"], None, None)
                line("", peer, found["value"], ends[:2], found["seconds"])


def report_page() -> None:
    """How long a whole report of a study with spans takes, and how large its page is."""
    made, options = study(PAGE_ITEMS), Options(seed=SEED, replicates=REPLICATES)
    start = time.process_time()
    found = analyse(made, options, kind="round")
    figured = time.process_time()
    shown = page(found).encode()
    drawn = time.process_time()
    print(
        f"\nReport of {PAGE_ITEMS:,} items × 3 annotators, three choices and spans: figures "
        f"{figured - start:.2f} s, page {drawn - figured:.2f} s and {len(shown) / 1e6:.2f} MB"
    )


def line(
    coefficient: str,
    by: str,
    value: float | None,
    ends: tuple[float | None, ...],
    took: float | None,
) -> None:
    """Print one value."""
    shown = "undefined" if value is None else f"{value:.6f}"
    time_taken = "" if took is None else f"{took:.4f}"
    print(f"{coefficient:<28}{by:<16}{shown:>10}  {interval(*ends):<24}{time_taken:>9}")


def read(table: Path) -> list[Row]:
    """Rows of item, annotator and label; invented ones where there is no such table."""
    if not table.exists():
        return crowd()
    with table.open(encoding="utf-8", newline="") as opened:
        return [(row["item"], row["annotator"], row["label"]) for row in csv.DictReader(opened)]


def their_figures(rows: Sequence[Row]) -> list[tuple[str, dict[str, Any]]]:
    """What the peers say of the rows, each in a process of its own."""
    apart = peer_python("peers.lock")
    said = []
    with tempfile.TemporaryDirectory() as folder:
        table = Path(folder) / "table.csv"
        with table.open("w", encoding="utf-8", newline="") as opened:
            writer = csv.writer(opened)
            writer.writerows([("item", "annotator", "label"), *rows])
        for peer, python in {
            "irrcac": apart,
            "krippendorff": sys.executable,
            "simpledorff": apart,
            "statsmodels": sys.executable,
        }.items():
            command = [python, str(HERE / "benchmark_agreement_peer.py"), peer, str(table)]
            done = subprocess.run(command, check=True, stdout=subprocess.PIPE, text=True)
            said += [(peer, found) for found in json.loads(done.stdout)]
    return said


def main(arguments: Sequence[str]) -> None:
    """Measure what is asked for, and print tables."""
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    parser.add_argument("parts", nargs="*", metavar="PART", help=f"of {', '.join(PARTS)}; else all")
    parser.add_argument("--all", action="store_true", help="measure all rounds of the loops")
    parser.add_argument("--table", type=Path, default=TABLE, help="item, annotator, label as CSV")
    parser.add_argument("--one", nargs=2, metavar=("WHAT", "ITEMS"), help=argparse.SUPPRESS)
    asked = parser.parse_args(arguments)
    if asked.one:
        one(asked.one[0], int(asked.one[1]))
        return
    unknown = set(asked.parts) - set(PARTS)
    if unknown:
        parser.error(f"no such part: {', '.join(sorted(unknown))}; there are {', '.join(PARTS)}")
    wanted = asked.parts or PARTS
    if "loop" in wanted:
        loop(REPLICATES if asked.all else ROUNDS)
    if "growth" in wanted:
        growth()
    if "page" in wanted:
        report_page()
    if "peers" in wanted:
        peers(asked.table)


if __name__ == "__main__":
    main(sys.argv[1:])
