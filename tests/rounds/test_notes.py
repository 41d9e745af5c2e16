"""Text areas, and choices beside the scheme: what becomes notes."""

import pytest

from builders import span
from rounds.exported import (
    ITEM,
    NEUTRAL,
    annotated,
    choose,
    mark,
    only,
    read,
    set_aside,
    task,
    with_notes,
    write,
)


def test_what_is_written_into_text_areas_is_kept_beside_the_scheme() -> None:
    written = annotated(
        mark(17, 25, "ORG", id_="b"),
        choose("stance", "against", id_="b"),
        choose("holder", "source", id_="b"),
        write("note", "Ragu.", " ", "Sebab dua."),
        write("why", "Sumber mana?", id_="b"),
        write("empty", id_=None),
    )
    pulled = read(task(written), scheme=with_notes("why", "note", "empty"))
    found = only(pulled)
    assert found.spans == (span(17, 25, "ORG", stance="against", holder="source"),)
    assert [(n.control, n.values, n.start, n.end) for n in pulled.notes] == [
        ("why", ("Sumber mana?",), 17, 25),
        ("note", ("Ragu.", "Sebab dua."), None, None),
    ]
    assert {(n.annotation_id, n.item_id, n.annotator) for n in pulled.notes} == {
        (found.annotation_id, ITEM.item_id, "a1")
    }


def test_a_text_area_may_hold_one_text_as_older_versions_write_it() -> None:
    one = write("note")
    one["value"]["text"] = "Ragu."
    (note,) = read(task(annotated(one)), scheme=with_notes("note")).notes
    assert note.values == ("Ragu.",)


def test_choices_that_stand_beside_the_scheme_are_notes_too() -> None:
    raw = task(annotated(mark(0, 7), NEUTRAL, choose("reason", "slip", "gap", id_="x")))
    assert set_aside(read(raw)).code == "unsupported-result"
    pulled = read(raw, notes=frozenset({"reason"}))
    assert only(pulled).choices == {}
    assert [(n.control, n.values) for n in pulled.notes] == [("reason", ("slip", "gap"))]


def test_why_an_item_was_skipped_is_kept() -> None:
    skipped = annotated(mark(0, 99), write("note", "Terpotong."), was_cancelled=True)
    pulled = read(task(skipped), scheme=with_notes("note"))
    assert only(pulled).status == "skipped"
    assert [n.values for n in pulled.notes] == [("Terpotong.",)]


def test_notes_go_with_an_annotation_that_is_set_aside() -> None:
    pulled = read(task(annotated(NEUTRAL, write("note", "x"))), scheme=with_notes("note"))
    assert set_aside(pulled).code == "unsupported-result"
    assert pulled.notes == ()


@pytest.mark.parametrize("text", [5, [5], {"a": 1}])
def test_a_text_area_of_another_form_sets_its_annotation_aside(text: object) -> None:
    odd = write("note")
    odd["value"]["text"] = text
    pulled = read(task(annotated(odd)), scheme=with_notes("note"))
    assert set_aside(pulled).code == "unsupported-result"
