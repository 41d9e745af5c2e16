"""What annotators read: made of the config, with everything in it shown and nothing run."""

import re

from builders import CONFIG, shipped_scheme
from configs import REGION, TEXT, choices, labels
from sikap.label_studio.pages.instruction import SETTING, instruction_html
from sikap.labelling_config.scheme_from_xml import read_scheme


def html_of(*parts: str, guidelines: str = "# Pedoman") -> str:
    config = f"<View>{''.join(parts)}{TEXT}</View>"
    return instruction_html(config, read_scheme(config.encode(), "config.xml"), guidelines)


def words(html: str) -> str:
    """What is left to read of HTML, with single spaces."""
    without = re.sub(r"<style>.*?</style>", "", html, flags=re.DOTALL)
    return " ".join(re.sub(r"<[^>]+>", " ", without).split())


def test_every_label_and_value_of_the_shipped_config_stands_beside_its_key() -> None:
    shown = words(instruction_html(CONFIG.decode(), shipped_scheme(), ""))
    for pair in ("1 PER", "8 TOPIC", "q favor", "e neutral", "a author", "s source"):
        assert pair in shown


def test_labels_stand_in_their_colours() -> None:
    html = instruction_html(CONFIG.decode(), shipped_scheme(), "")
    [number] = re.findall(r"\.sikap-colour-(\d+) { background: #ff7f0e; }", html)
    assert f'sikap-colour-{number}"></i>ORG' in html


def test_the_guidelines_follow_with_their_tables() -> None:
    html = html_of(labels(), guidelines="# Pedoman\n\n| a | b |\n|---|---|\n| c | d |\n")
    assert "<h1>Pedoman</h1>" in html
    assert html.index("How to annotate") < html.index("Pedoman") < html.index("<td>d</td>")


def test_html_in_config_and_guidelines_is_shown_and_not_run() -> None:
    hostile = "&lt;script&gt;alert(1)&lt;/script&gt;"
    html = html_of(
        labels(values=(hostile,)),
        choices("tone", (hostile,)),
        guidelines="<script>alert(1)</script> [x](javascript:alert(1))",
    )
    assert "<script" not in html
    assert html.count(hostile) == 3
    assert 'href="javascript' not in html


def test_a_colour_cannot_break_out_of_the_style_sheet() -> None:
    inside = '<Label value="A" background="red}&lt;/style&gt;&lt;script&gt;"/>'
    html = html_of(f'<Labels name="kind" toName="text">{inside}</Labels>')
    assert html.count("</style>") == 1
    assert "<script" not in html


def test_the_setting_is_told_where_something_is_asked_of_a_mention() -> None:
    assert SETTING in html_of(labels(), choices("tone", more=REGION))
    assert SETTING not in html_of(labels(), choices("tone"))


def test_what_is_asked_only_at_times_says_when() -> None:
    shown = words(instruction_html(CONFIG.decode(), shipped_scheme(), ""))
    assert "holder , but only where stance is favor or against." in shown
    assert "Press a key of stance ." in shown


def test_a_config_without_labels_says_nothing_of_marking() -> None:
    shown = words(html_of(choices("tone")))
    assert "For the whole text press a key of tone ." in shown
    assert "drag" not in shown
    assert "nothing to mark" not in shown


def test_a_value_without_a_key_is_listed_all_the_same() -> None:
    values = tuple(f"v{number}" for number in range(34))
    shown = words(html_of(choices("tone", values)))
    assert "m v32 v33" in shown
