"""What another package says of a table of ratings, and how long it takes.

`benchmark_agreement.py` runs this in processes of their own, for irrCAC and simpledorff with
another Python than that of the project. The table (CSV of item, annotator, label) is read, and
brought into the shape that the package takes, before the clock starts. Prints JSON: coefficient,
value, ends of the interval, seconds of a processor.

Usage: python scripts/benchmarks/benchmark_agreement_peer.py PEER TABLE

PEER is irrcac, krippendorff, simpledorff or statsmodels.
"""

import functools
import importlib
import json
import sys
import time
from collections.abc import Callable, Iterator
from typing import Any

import pandas as pd

Work = tuple[str, Callable[[], tuple[float, ...]]]
"""A coefficient, and what computes its value and, where there are any, the ends of its interval."""


def estimated(coefficient: Callable[[], dict[str, Any]]) -> tuple[float, ...]:
    """A value of irrCAC with its interval."""
    found = coefficient()["est"]
    return (float(found["coefficient_value"]), *map(float, found["confidence_interval"]))


def irrcac(rows: pd.DataFrame) -> Iterator[Work]:
    """Gwet's own coefficients, with intervals from his variance estimates."""
    cac = importlib.import_module("irrCAC.raw").CAC
    wide = rows.pivot(index="item", columns="annotator", values="label").astype(float)
    ready = cac(wide, digits=6)
    coefficients = {
        "fleiss-kappa": ready.fleiss,
        "gwet-ac1": ready.gwet,
        "brennan-prediger": ready.bp,
        "krippendorff-alpha-nominal": ready.krippendorff,
    }
    for name, coefficient in coefficients.items():
        yield name, functools.partial(estimated, coefficient)


def krippendorff(rows: pd.DataFrame) -> Iterator[Work]:
    """α of a reliability matrix."""
    alpha = importlib.import_module("krippendorff").alpha
    wide = rows.pivot(index="annotator", columns="item", values="label").astype(float).to_numpy()
    given = {"reliability_data": wide, "level_of_measurement": "nominal"}
    yield "krippendorff-alpha-nominal", lambda: (float(alpha(**given)),)


def simpledorff(rows: pd.DataFrame) -> Iterator[Work]:
    """α of a long table."""
    alpha = importlib.import_module("simpledorff").calculate_krippendorffs_alpha_for_df
    columns = {"experiment_col": "item", "annotator_col": "annotator", "class_col": "label"}
    yield "krippendorff-alpha-nominal", lambda: (float(alpha(rows, **columns)),)


def statsmodels(rows: pd.DataFrame) -> Iterator[Work]:
    """Fleiss' κ and that of Randolph, of ratings in columns; all items must have as many."""
    module = importlib.import_module("statsmodels.stats.inter_rater")
    column = rows.groupby("item").cumcount()
    wide = rows.assign(column=column).pivot(index="item", columns="column", values="label")
    ready = wide.to_numpy()

    def kappa(method: str) -> tuple[float, ...]:
        counts, _ = module.aggregate_raters(ready)
        return (float(module.fleiss_kappa(counts, method=method)),)

    yield "fleiss-kappa", lambda: kappa("fleiss")
    yield "brennan-prediger", lambda: kappa("randolph")


PEERS = {
    "irrcac": irrcac,
    "krippendorff": krippendorff,
    "simpledorff": simpledorff,
    "statsmodels": statsmodels,
}


def main(peer: str, table: str) -> None:
    """Print what a peer says of a table."""
    rows = pd.read_csv(table, dtype=str, keep_default_na=False)
    # Every package can take numbers; which labels they stand for changes nothing.
    rows["label"] = rows["label"].astype("category").cat.codes
    # A matrix has room for one rating of an item by somebody; a second becomes another's.
    again = rows.groupby(["item", "annotator"]).cumcount()
    rows["annotator"] = rows["annotator"].where(
        again == 0, rows["annotator"] + "/" + again.astype(str)
    )
    said = []
    for coefficient, work in PEERS[peer](rows):
        start = time.process_time()
        value, *ends = work()
        took = time.process_time() - start
        said.append({"coefficient": coefficient, "value": value, "ends": ends, "seconds": took})
    json.dump(said, sys.stdout)


if __name__ == "__main__":
    main(*sys.argv[1:3])
