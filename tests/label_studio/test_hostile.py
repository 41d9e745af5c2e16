"""Hostile texts in the real editor: what is marked with the mouse is what the records hold.

The texts go straight into items. Ingest would take some of it away (carriage returns, a leading
BOM), but items are what offsets speak of.
"""

import logging
import re
from collections.abc import Iterable
from typing import NamedTuple

import pytest
from playwright.sync_api import Error, Page

import browser
from builders import CONFIG, item, manifest, shipped_scheme
from conftest import Studio
from sikap.label_studio.wire.tasks import Pulled, read_export, to_task

pytestmark = [pytest.mark.studio, pytest.mark.browser]

# What stands between ⟦ and ⟧ is marked. White space and what cannot be seen is written as escapes.
SHORT = {
    "astral emoji": "😀 Presiden ⟦Rina Belsar⟧ memuji 🎉🎉 ⟦NATO⟧.",
    "joined emoji": "Keluarga ⟦👨\u200d👩\u200d👧\u200d👦 Belsara⟧ dan ⟦👩🏽\u200d🚀⟧ di sini.",
    "combining marks": "Menteri ⟦Ame\u0301lie⟧ menemui ⟦A\u030cn\u0303g⟧, kata Belsara.",
    "carriage returns": "Baris satu ⟦Belsara⟧\r\nbaris dua ⟦Dewan Rotan⟧\r\nbaris tiga ⟦Surwa⟧.",
    "a span over a carriage return": "Kata ketua ⟦Dewan\r\nRotan⟧ kemarin di ⟦Surwa⟧.",
    "spans over newlines": "Ketua ⟦Dewan\nRotan⟧ bertemu ⟦Belsara\n\nPrasteja⟧ di ⟦Surwa⟧.",
    "Arabic": "قالت ⟦الوزيرة سلمى⟧ إن ⟦شركة كاوي⟧ ستدفع 300 دولار.",
    "markup": "<b>⟦Belsara⟧</b> <script>alert(1)</script> ⟦<i>Rotan</i>⟧ <br> ⟦</div>⟧",
    "entities": "&amp; ⟦&lt;Rotan&gt;⟧ &nbsp; ⟦AT&T⟧ &#128512; ⟦&quot;⟧",
    "very long": "".join(
        (
            "😀 ⟦Belsara⟧ ",
            "Warga menolak. 🎉 " * 160,
            "⟦Dewan Rotan⟧ ",
            "Ramai  di\t" * 240,
            "⟦Surwa⟧.",
        )
    ),
}
FURTHER = {
    "flags": "🇮🇩🇲🇾 ⟦Dewan 🇮🇩 Rotan⟧ menolak 🇸🇬 ⟦Pakta 🇹🇱🇵🇬⟧.",
    "tabs": "Nama:\t⟦Belsara⟧\t\t⟦Dewan\tRotan⟧.",
    "runs of spaces": "Kata   ⟦Dewan    Rotan⟧   dan     ⟦Belsara⟧.",
    "no-break spaces": "Kata\u00a0⟦Dewan\u00a0Rotan⟧\u00a0dan \u00a0⟦Belsara\u00a0⟧itu.",
    "Hebrew": "שרת האוצר ⟦נועה⟧ אמרה כי ⟦מגדל כאווי⟧ יעלה 45 שקל.",
    "line and paragraph separators": "Baris\u2028⟦Dewan\u2028Rotan⟧\u2029⟦Belsara⟧ hadir.",
    "astral letters": "Kata ⟦𝓡𝓸𝓽𝓪𝓷⟧ dan ⟦𐍈𐌰𐌸⟧ hadir.",
    "rare ideographs": "⟦𠮷野家⟧と⟦𠀀𠀁⟧です。",
    "stacked marks": "Kata ⟦Z\u0338\u031d\u0304a\u0321⟧ dan ⟦l\u0336g\u0337o\u0305⟧ itu.",
    "variation selectors": "⟦❤\ufe0f Belsara⟧ dan 1\ufe0f\u20e3 ⟦2\ufe0f\u20e3 Rotan⟧ menang.",
    "a flag of tags": (
        "🏴\U000e0067\U000e0062\U000e0065\U000e006e\U000e0067\U000e007f ⟦Belsara⟧ di ⟦Surwa⟧."
    ),
    "a lone carriage return": "Satu\r⟦Belsara⟧ dua ⟦Rotan⟧.",
    "leading newlines": "\n\n⟦Belsara⟧ hadir\n⟦Surwa⟧.",
    "spaces around the text": "   ⟦Belsara⟧ hadir di ⟦Surwa⟧   ",
    "spaces at the ends of spans": "Kata⟦ Belsara ⟧lalu⟦  Rotan⟧ itu.",
    "other spaces": "Rp\u202f⟦300\u2009juta⟧ untuk\u3000⟦Kawi\u2003Dua⟧.",
    "Arabic and Latin": "قالت شركة ⟦Kawi 2.0⟧ إن ⟦NATO⟧ دفعت ⟦45 دولار⟧ في Surwa.",
    "Arabic in Latin": "Kata ⟦السلام⟧ berarti damai, kata ⟦Dewan Rotan⟧.",
    "Hebrew with vowels": "⟦שָׁלוֹם⟧ אמרה ⟦נֹעָה⟧.",
    "Persian with joiners": "⟦خانه\u200cهای کاوی⟧ را ⟦می\u200cخواهند⟧.",
    "marks of direction": "⟦Kata \u2067שלום\u2069 dan⟧ \u200e⟦Belsara⟧\u200f di ⟦Surwa⟧.",
    "a BOM inside": "Kata\ufeff ⟦Bel\ufeffsara⟧ dan ⟦Rotan⟧.",
    "zero widths": "Bel\u200bsara ⟦De\u200bwan\u2060 Ro\u200ctan⟧ dan ⟦Sur\u200bwa⟧.",
    "soft hyphens": "⟦Me\u00adnara Ka\u00adwi⟧ di ⟦Sur\u00adwa⟧.",
    "an open comment": "<!-- ⟦Belsara⟧ ]]> <style>*{} ⟦<Rotan⟧ hadir",
    "templates": "{{ ⟦Belsara⟧ }} ${⟦Rotan⟧} $text %s ⟦\"'`⟧",
    "escapes spelled out": "Kata \\n ⟦Belsara\\nRotan⟧ \\u0041 ⟦\\t⟧ ada.",
    "replacement characters": "⟦\ufffdBelsara⟧ dan ⟦\ufffcRotan\ue000⟧ itu.",
    "Thai": "⟦นายกรัฐมนตรี⟧พบกับ⟦สมชาย⟧วันนี้",
    "Devanagari": "⟦क्षत्रिय⟧ ने ⟦दिल्ली⟧ में कहा।",
    "Chinese and Japanese": "⟦東京都⟧と⟦大阪⟧で、⟦中文⟧。",
    "Hangul in parts": "⟦\u1112\u1161\u11ab\u1100\u1173\u11af⟧ dan ⟦서울⟧ itu.",
    "one long word": f"{'a' * 700}⟦Belsara⟧{'b' * 700} ⟦Surwa⟧.",
}


class Marked(NamedTuple):
    """A text, and the code points of it that are to be marked."""

    text: str
    spans: list[tuple[int, int]]


def marked(written: str) -> Marked:
    """Take the brackets out of a text; they say what is to be marked."""
    text, spans = "", []
    for piece in written.split("⟦"):
        inside, closed, after = piece.partition("⟧")
        if closed:
            spans.append((len(text), len(text) + len(inside)))
        text += inside + after
    return Marked(text, spans)


def mark(page: Page, start: int, end: int) -> None:
    """Mark the code points [start, end); click the region if a busy editor let go of it again."""
    before = page.locator(browser.REGIONS).count()
    browser.draw(page, "1", start, end)
    try:
        page.locator(browser.SELECTED).wait_for(timeout=2_000)
    except Error:
        browser.select(page, before)


def annotate(studio: Studio, page: Page, texts: Iterable[Marked]) -> Pulled:
    """Mark and submit every text as one annotator would, and pull what came of it."""
    texts, scheme = list(texts), shipped_scheme()
    items = [item(one.text, "hostile", annotators=("a1",)) for one in texts]
    user = studio.add_user(f"hostile-{len(texts)}")
    title = f"hostile {len(texts)}"
    project = studio.client.create_project(title, "", CONFIG.decode(), "", 1).project_id
    studio.client.import_tasks(project, [to_task(one, scheme) for one in items])
    browser.log_in(page, user.url, user.email, user.password)
    browser.open_stream(page, user.url, project)
    browser.select_new_regions(page)
    for number, one in enumerate(texts, 1):
        position = re.compile(rf"^{number} of")
        page.locator(browser.POSITION, has_text=position).wait_for()
        for start, end in one.spans:
            mark(page, start, end)
            page.keyboard.press("e")
        browser.submit(page)
    users = {user.email: "a1"}
    ids = {
        str(number): users[address]
        for number, address in studio.client.users().items()
        if address in users
    }
    return read_export(
        studio.client.export(project), manifest("hostile", ("a1",)), items, scheme, ids
    )


@pytest.mark.parametrize(
    "texts",
    [
        pytest.param(SHORT, id="sample"),
        pytest.param(FURTHER, id="further", marks=pytest.mark.scale),
    ],
)
def test_every_slice_is_what_was_marked(studio: Studio, page: Page, texts: dict[str, str]) -> None:
    wanted = {name: marked(written) for name, written in texts.items()}
    pulled = annotate(studio, page, wanted.values())
    got = {
        one.text: [(span.start, span.end) for span in annotation.spans]
        for one, annotation in zip(wanted.values(), pulled.annotations, strict=True)
    }
    slices = {name: [one.text[s:e] for s, e in got[one.text]] for name, one in wanted.items()}
    count = sum(len(one.spans) for one in wanted.values())
    right = sum(len(set(one.spans) & set(got[one.text])) for one in wanted.values())
    logging.getLogger(__name__).info("%d texts, %d of %d spans equal", len(wanted), right, count)
    assert not pulled.problems
    assert slices == {name: [one.text[s:e] for s, e in one.spans] for name, one in wanted.items()}
    assert got == {one.text: one.spans for one in wanted.values()}
