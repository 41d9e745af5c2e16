import pytest

from configs import REGION, TEXT, choices, labels
from sikap.rounds.config_changes import config_changes, line_changes


def config(*parts: str) -> str:
    return "\n".join(("<View>", *parts, TEXT, "</View>"))


PLANNED = config(labels(values=("PER", "ORG")), choices("tone", ("x", "y"), REGION))


@pytest.mark.parametrize(
    ("now", "found"),
    [
        (config(labels(values=("PER", "ORG"))), "control 'tone' was removed"),
        (
            config(labels(values=("PER", "ORG")), choices("mood"), choices("tone", more=REGION)),
            "control 'mood' was added",
        ),
        (PLANNED.replace('"ORG"', '"GPE"'), "label has 'GPE' added; label has 'ORG' removed"),
        (
            config(labels(values=("ORG", "PER")), choices("tone", ("x", "y"), REGION)),
            "label has its values in another order: ORG, PER",
        ),
        (
            config(choices("tone", ("x", "y"), REGION), labels(values=("PER", "ORG"))),
            "controls are in another order: tone, label",
        ),
        (
            config(
                labels(values=("PER", "ORG")), choices("tone", more=f'{REGION} required="true"')
            ),
            "tone has another required",
        ),
        (
            config(labels(values=("PER", "ORG")), choices("tone", more='choice="multiple"')),
            "tone has another kind, number of values",
        ),
        ("<View", "it cannot be read: it is not well-formed"),
    ],
)
def test_what_changed_in_a_config_is_told_by_control(now: str, found: str) -> None:
    assert config_changes(PLANNED, now).startswith(found)


def test_a_change_that_leaves_the_scheme_alone_is_told_by_its_line() -> None:
    now = PLANNED.replace("<View>", "<View>\n<Header value='Baca dulu'/>")
    assert config_changes(PLANNED, now) == (
        "controls and values are the same, but line 2 is now \"<Header value='Baca dulu'/>\" "
        "(lines added: 1, removed: 0)"
    )


def test_white_space_in_a_config_is_called_so() -> None:
    assert config_changes(PLANNED, PLANNED.replace("<Text ", "  <Text  ")).startswith("white space")


@pytest.mark.parametrize(
    ("planned", "now", "found"),
    [
        ("a\nb\nc\n", "a\nB\nc\n", "line 2 is now 'B' (lines added: 1, removed: 1)"),
        ("a\nb\nc\n", "a\nc\n", "line 2 is gone: 'b' (lines added: 0, removed: 1)"),
        ("a\n", "a\nb\nc\n", "line 2 is now 'b' (lines added: 2, removed: 0)"),
        ("a\nb\n", "x\na\nb\ny\n", "line 1 is now 'x' (lines added: 2, removed: 0)"),
        ("a", "a\n", "line 2 is now '' (lines added: 1, removed: 0)"),
        ("a\n", "a\r\n", "line 1 is now 'a\\r' (lines added: 1, removed: 1)"),
    ],
)
def test_what_changed_in_guidelines_is_told_by_its_first_line(
    planned: str, now: str, found: str
) -> None:
    assert line_changes(planned, now) == found


def test_a_long_line_is_cut() -> None:
    assert line_changes("a", "b" * 500).startswith(f"line 1 is now '{'b' * 80}…'")
