import pytest

from builders import CONFIG
from configs import TEXT, choices, labels
from sikap.labelling_config.hotkeys_and_colours import hotkeys, key_problems


def keys_of(*parts: str) -> tuple[dict[str, str | None], list[str]]:
    """The key of every label and value by its name, and what is said of them."""
    keys = hotkeys(f"<View>{''.join(parts)}</View>".encode(), "config.xml")
    found = [problem.found for problem in key_problems(keys, "config.xml")]
    return {key.shown: key.key for key in keys}, found


def label(value: str, hotkey: str) -> str:
    return (
        f'<Labels name="{value}s" toName="text"><Label value="{value}" hotkey="{hotkey}"/></Labels>'
    )


def test_every_label_and_value_of_the_shipped_config_has_a_key_of_its_own() -> None:
    keys = hotkeys(CONFIG, "config.xml")
    assert "".join(key.key or "" for key in keys) == "12345678qweas"
    assert not list(key_problems(keys, "config.xml"))


def test_a_label_or_value_without_a_key_gets_the_first_that_is_free() -> None:
    parts = (labels(values=("A", "B")), label("C", "2"), choices(values=("x", "y")))
    assert keys_of(*parts) == ({"A": "1", "B": "3", "C": "2", "x": "4", "y": "5"}, [])


def test_keys_that_stand_twice_whatever_their_case_are_named() -> None:
    _, found = keys_of(label("A", "q"), label("B", "Q"))
    assert found == ["key 'q' is that of As A, Bs B"]


@pytest.mark.parametrize("key", ["u", "Enter", "escape", "backspace"])
def test_keys_that_the_editor_uses_itself_are_named(key: str) -> None:
    _, found = keys_of(label("A", key))
    assert found == [f"key {key.lower()!r} of As A does something else in the editor"]


def test_values_for_which_no_key_is_left_are_named() -> None:
    keys, found = keys_of(labels(values=tuple(f"L{number}" for number in range(35))))
    assert [name for name, key in keys.items() if key is None] == ["L33", "L34"]
    assert found == ["no key is left for label L33, label L34"]


def test_what_only_displays_something_has_no_key() -> None:
    assert keys_of('<Choices name="x"><Choice value="y"/></Choices>', TEXT) == ({}, [])
