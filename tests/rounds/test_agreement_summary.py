"""Which rounds agreement is stated of, and which thresholds look at."""

import msgspec

from builders import annotation, item, manifest, shipped_scheme, span
from sikap.agreement.release_summary import Stated
from sikap.records import Annotation, Round
from sikap.rounds.agreement_summary import judged, stated_of_rounds

SCHEME = shipped_scheme()
ITEM = item("Rintan Belsara pulang.", "r1")
OTHER = item("Belsara diam.", "r1", article="b")
FAVOR = span(0, 14, stance="favor", holder="source")
NEUTRAL = span(0, 14, stance="neutral")
PASSES = {ITEM.item_id: 1, OTHER.item_id: 1}
ARTICLES = {ITEM.sentence_id: "a", OTHER.sentence_id: "b"}
BOTH = annotation(ITEM, "a1", [FAVOR]), annotation(ITEM, "a2", [NEUTRAL])
ROUND = manifest("r1", ("a1", "a2"))


def stated(
    *said: Annotation, of: Round = ROUND, passes: dict[str, int] = PASSES
) -> dict[tuple[str, str | None], Stated]:
    found = stated_of_rounds([of], said, passes, ARTICLES, SCHEME, {})
    return {(one.of, one.value): one for one in found}


def test_each_control_is_stated_with_each_of_its_values() -> None:
    found = stated(*BOTH)
    assert [key for key in found if key[1] is None] == [
        ("entities", None),
        ("entities:label", None),
        ("stance", None),
        ("holder", None),
    ]
    assert [value for of, value in found if of == "stance"] == [None, *SCHEME.controls[1].values]
    assert [value for of, value in found if of == "entities"] == [None, *SCHEME.labels]
    assert (found["stance", None].alike, found["stance", None].compared) == (0, 1)
    assert (found["entities", None].alike, found["entities", None].compared) == (2, 2)


def test_a_holder_that_one_did_not_give_is_missing() -> None:
    holder = stated(*BOTH)["holder", None]
    assert holder.compared == 0
    assert all(one.undefined for one in holder.figures)


def test_skips_and_known_answers_are_in_no_agreement() -> None:
    skipped = annotation(ITEM, "a2", status="skipped")
    assert stated(BOTH[0], skipped) == {}
    assert stated(*BOTH, passes={ITEM.item_id: 0}) == {}
    assert stated(*BOTH, passes={ITEM.item_id: 2}) == {}


def test_one_annotator_and_an_adjudication_have_no_agreement() -> None:
    assert stated(BOTH[0], annotation(OTHER, "a1")) == {}
    assert stated(*BOTH, of=msgspec.structs.replace(ROUND, purpose="adjudication")) == {}


def test_rounds_are_stated_in_the_order_of_their_ordinals_each_by_itself() -> None:
    later = item("Rintan Belsara pulang.", "r0")
    said = [annotation(later, "a1", [FAVOR]), annotation(later, "a2", [FAVOR])]
    rounds = [manifest("r0", ("a1", "a2"), ordinal=2), ROUND]
    passes = {**PASSES, later.item_id: 1}
    found = stated_of_rounds(rounds, [*said, *BOTH], passes, ARTICLES, SCHEME, {})
    stance = [(one.round, one.alike) for one in found if (one.of, one.value) == ("stance", None)]
    assert stance == [(1, 0), (2, 1)]


def test_thresholds_look_at_production_alone() -> None:
    trial = manifest("r0", ("a1", "a2"), purpose="calibration", ordinal=2)
    of_trial = item("Rintan Belsara pulang.", "r0")
    said = [annotation(of_trial, one, [FAVOR]) for one in ("a1", "a2")]
    passes = {**PASSES, of_trial.item_id: 1}
    found = judged([ROUND, trial], [*BOTH, *said], passes, ARTICLES, SCHEME, {}, ())
    assert [one.round_id for one in found] == ["r1"]
    assert judged([trial], said, passes, ARTICLES, SCHEME, {}, ()) == []


def test_coefficients_that_thresholds_name_are_there() -> None:
    wanted = ("span-f1-partial", "percent-agreement")
    (found,) = judged([ROUND], BOTH, PASSES, ARTICLES, SCHEME, {}, wanted)
    names = {
        (one.of, one.value): {figure.coefficient for figure in one.figures} for one in found.stated
    }
    assert names["entities", "PER"] == {"span-f1-exact", "span-f1-partial"}
    assert names["stance", "favor"] >= {"krippendorff-alpha-nominal", "percent-agreement"}
