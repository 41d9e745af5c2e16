"""How far the annotators of each round agree, for whatever states it or depends on it.

Of rounds in which two annotators or more submitted something, and that are no adjudication: an
adjudicator sees what others said. No figure needs a text, so that a stand-off release has them too.
"""

from collections import defaultdict
from collections.abc import Collection, Iterable, Iterator, Mapping

from sikap.agreement.ratings import Level
from sikap.agreement.release_summary import Stated, stated
from sikap.agreement.thresholds import Judged
from sikap.labelling_config.scheme import Scheme
from sikap.records import FIRST, Annotation, Round
from sikap.rounds.agreement_study import Sentences, study_of


def stated_of_rounds(
    rounds: Iterable[Round],
    annotations: Iterable[Annotation],
    passes: Mapping[str, int],
    articles: Mapping[str, str],
    scheme: Scheme,
    levels: Mapping[str, Level],
) -> tuple[Stated, ...]:
    """What is stated of the rounds, in the order of ordinals.

    ``passes`` maps an item to its pass, ``articles`` a sentence to its article.
    """
    known = Sentences(articles=articles)
    return tuple(
        one
        for manifest, said in _compared(rounds, annotations, passes)
        for one in stated(study_of(manifest, said, passes, known, scheme, levels), manifest.ordinal)
    )


def judged(
    rounds: Iterable[Round],
    annotations: Iterable[Annotation],
    passes: Mapping[str, int],
    articles: Mapping[str, str],
    scheme: Scheme,
    levels: Mapping[str, Level],
    wanted: Collection[str],
) -> list[Judged]:
    """The rounds that thresholds look at: those of purpose production, each by itself.

    ``wanted`` are the coefficients that thresholds name.
    """
    known = Sentences(articles=articles)
    production = [one for one in rounds if one.purpose == "production"]
    return [
        Judged(
            round_id=manifest.round_id,
            stated=stated(
                study_of(manifest, said, passes, known, scheme, levels), manifest.ordinal, wanted
            ),
        )
        for manifest, said in _compared(production, annotations, passes)
    ]


def _compared(
    rounds: Iterable[Round], annotations: Iterable[Annotation], passes: Mapping[str, int]
) -> Iterator[tuple[Round, list[Annotation]]]:
    """Yield the rounds of two annotators or more, with all that was said in them."""
    of_round: dict[str, list[Annotation]] = defaultdict(list)
    annotators: dict[str, set[str]] = defaultdict(set)
    for one in annotations:
        of_round[one.round_id].append(one)
        if one.status == "submitted" and passes[one.item_id] == FIRST:
            annotators[one.round_id].add(one.annotator)
    for manifest in sorted(rounds, key=lambda one: one.ordinal):
        if manifest.purpose != "adjudication" and len(annotators[manifest.round_id]) >= 2:
            yield manifest, of_round[manifest.round_id]
