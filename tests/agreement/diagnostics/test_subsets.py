"""Parts of ratings and marks, and what they are of."""

from sikap.agreement.diagnostics.subsets import clusters_of
from sikap.agreement.ratings import ratings_of
from sikap.agreement.study import Marks, Study


def test_clusters_of_a_study_are_those_of_variables_and_layers() -> None:
    layer = Marks(name="m", labels=(), spans={("i", "p"): (), ("j", "p"): ()}, clusters={"i": "c"})
    ratings = ratings_of("v", [("k", "p", "x")], clusters={"k": "d"})
    found = clusters_of(Study(name="s", variables=(ratings,), layers=(layer,)))
    assert set(found.values()) == {"c", "d", "j"}
