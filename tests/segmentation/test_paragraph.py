import pytest

from sikap.segmentation.paragraph import enclosed


@pytest.mark.parametrize(
    ("text", "spans"),
    [
        ('a "b c" d', ['"b c"']),
        ("a “b” c (d) e", ["“b”", "(d)"]),
        ("(a “b” c)", ["(a “b” c)"]),
        ('a "b. "c" d', ['"c"']),
        ("a “b. “c” d", ["“c”"]),
        ("b” c", []),
        ("「あ」い", ["「あ」"]),
        ("", []),
    ],
)
def test_what_belongs_together_is_a_span(text: str, spans: list[str]) -> None:
    assert [text[begin : end + 1] for begin, end in enclosed(text)] == spans


def test_brackets_alone_can_be_asked_for() -> None:
    assert enclosed('"a (b) c"', brackets=True) == [(3, 5)]
