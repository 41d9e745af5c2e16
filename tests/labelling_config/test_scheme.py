import pytest
from hypothesis import given
from hypothesis import strategies as st

from builders import CONFIG, codes, shipped_scheme, span
from configs import REGION, TEXT, choices, labels, read
from sikap.labelling_config.scheme_from_xml import read_scheme
from sikap.records import Span

FAVOR = span(0, 4, stance="favor", holder="source")


@pytest.mark.parametrize(
    ("spans", "expected"),
    [
        ([], []),
        ([FAVOR], []),
        ([FAVOR, span(0, 4, stance="against", holder="author")], []),
        ([FAVOR, span(0, 4, "ORG")], []),
        ([FAVOR, span(0, 4, stance="against", holder="source")], ["repeated-key"]),
        ([span(0, 10)], []),
        ([span(0, 11)], ["span-outside"]),
        ([span(-1, 4)], ["span-outside"]),
        ([span(4, 4)], ["span-outside"]),
        ([span(0, 4, "CAT")], ["unknown-label"]),
        ([span(0, 4, holder="source")], ["condition", "required"]),
        ([span(0, 4, stance="neutral", holder="source")], ["condition"]),
        ([span(0, 4, stance="favor")], ["required"]),
        ([span(0, 4, stance="unsure")], ["unknown-value"]),
        ([span(0, 4, stance="neutral", mood="good")], ["unknown-control"]),
        (
            [Span(start=0, end=4, label="PER", attributes={"stance": ("neutral", "neutral")})],
            ["several-values"],
        ),
        (
            [span(0, 11, "CAT", stance="unsure"), span(9, 8)],
            ["span-outside", "unknown-label", "unknown-value", "span-outside"],
        ),
    ],
)
def test_everything_in_which_spans_break_the_scheme_is_named(
    spans: list[Span], expected: list[str]
) -> None:
    assert sorted(codes(shipped_scheme().problems(spans, {}, 10))) == sorted(expected)


MULTIPLE = choices("many", more='choice="multiple" required="true"')
IF_X = 'visibleWhen="choice-selected" whenTagName="tone" whenChoiceValue="x, z"'
IF_ANY = 'visibleWhen="choice-selected" whenTagName="tone"'


@pytest.mark.parametrize(
    ("config", "given", "expected"),
    [
        (choices(), {}, []),
        (choices(), {"tone": ("x",)}, []),
        (choices(), {"tone": ("x", "y")}, ["several-values"]),
        (choices(), {"tone": ("q",)}, ["unknown-value"]),
        (choices(), {"lost": ("x",)}, ["unknown-control"]),
        (MULTIPLE, {"many": ("x", "y")}, []),
        (MULTIPLE, {"many": ("x", "x")}, ["several-values"]),
        (MULTIPLE, {}, ["required"]),
        (choices() + choices("why", more=IF_X), {"tone": ("x",), "why": ("y",)}, []),
        (choices() + choices("why", more=IF_X), {"tone": ("y",), "why": ("y",)}, ["condition"]),
        (choices() + choices("why", more=IF_ANY), {"tone": ("y",), "why": ("y",)}, []),
        (choices() + choices("why", more=IF_ANY), {"why": ("y",)}, ["condition"]),
        (choices() + choices("why", more=f'required="true" {IF_X}'), {"tone": ("y",)}, []),
        (choices() + choices("why", more=f'requiredMessage="Why?" {IF_X}'), {"tone": ("y",)}, []),
        (
            choices() + choices("why", more=f'required="true" {IF_X}'),
            {"tone": ("x",)},
            ["required"],
        ),
    ],
)
def test_everything_in_which_choices_break_the_scheme_is_named(
    config: str, given: dict[str, tuple[str, ...]], expected: list[str]
) -> None:
    assert codes(read(config, TEXT).problems([], given, 10)) == expected


@pytest.mark.parametrize(("tone", "expected"), [("x", []), ("y", ["condition"])])
def test_a_choice_of_a_region_can_depend_on_one_of_the_sentence(
    tone: str, expected: list[str]
) -> None:
    scheme = read(labels(), choices(), choices("why", more=f"{REGION} {IF_X}"), TEXT)
    assert codes(scheme.problems([span(0, 1, "A", why="x")], {"tone": (tone,)}, 10)) == expected


@given(st.sampled_from(["author", "source"]), st.sampled_from(["author", "source"]))
def test_the_key_tells_holders_apart_only_where_it_has_them(one: str, other: str) -> None:
    spans = [span(0, 4, stance="favor", holder=holder) for holder in (one, other)]
    with_holder, without = shipped_scheme(), read_scheme(CONFIG, "config.xml")
    assert (with_holder.key(spans[0]) == with_holder.key(spans[1])) == (one == other)
    assert without.key(spans[0]) == without.key(spans[1])


@pytest.mark.parametrize(
    ("label", "given_", "expected"),
    [
        ("A", {"tone": ("x",)}, []),
        ("A", {}, ["required"]),
        ("B", {}, []),
        ("B", {"tone": ("x",)}, ["unknown-control"]),
    ],
)
def test_a_choice_can_be_for_some_labels_only(
    label: str, given_: dict[str, tuple[str, ...]], expected: list[str]
) -> None:
    for_a = f'{REGION} required="true" visibleWhen="region-selected" whenLabelValue="A"'
    scheme = read(labels(values=("A", "B")), choices(more=for_a), TEXT)
    marked = Span(start=0, end=1, label=label, attributes=given_)
    assert codes(scheme.problems([marked], {}, 10)) == expected
