"""Whatever becomes of the texts, what is put back keeps every rule and claims nothing new."""

from collections.abc import Mapping

import msgspec
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from examples import FEW
from samples import content, digested
from sikap.articles.normalise import Frozen, freeze_text
from sikap.records import Article
from sikap.release.data.content import Content, Full
from sikap.release.files.build import build
from sikap.release.files.read import read_release, to_content
from sikap.release.standoff.restore_texts import in_part, rehydrate
from sikap.release.standoff.stand_off_files import build_stand_off
from sikap.release.standoff.strip_texts import stand_off
from sikap.release.verify.verify import verify
from sikap.steps.releases.assemble import versions
from sikap.storage.files import sha256

WHOLE = content()
OFF = stand_off(WHOLE, Full(content_hashes={}, sums="0" * 64))
TEXTS = {article.article_id: article.text for article in WHOLE.articles}
PIECES = sorted({one.text for one in WHOLE.sentences})


def copies(texts: Mapping[str, str]) -> dict[str, Article]:
    """Articles with these texts, normalised as ingest does, and all else unlike the original."""
    made = {}
    for article in WHOLE.articles:
        frozen = freeze_text(texts.get(article.article_id, ""), "f", "utf-16")
        if isinstance(frozen, Frozen):
            made[article.article_id] = msgspec.structs.replace(
                article,
                text=frozen.text,
                text_sha256=sha256(frozen.text),
                source="lain",
                outlet="Lain",
                licence=None,
                encoding=frozen.encoding,
                normalised=frozen.normalised,
            )
    return made


def test_the_same_texts_give_the_content_back() -> None:
    back = rehydrate(OFF, copies(TEXTS))
    assert {fate.state for fate in back.fates} == {"whole"}
    assert back.content.articles == WHOLE.articles
    assert back.content.sentences == WHOLE.sentences
    assert build(back.content) == build(WHOLE)


def test_a_stand_off_content_has_no_text() -> None:
    assert {one.text for one in OFF.articles} | {one.text for one in OFF.sentences} == {""}
    assert {one.title for one in OFF.articles} == {None}


@st.composite
def edits(draw: st.DrawFn) -> dict[str, str]:
    """The texts of the articles, some of them cut, mixed, repeated or gone."""
    texts = dict(TEXTS)
    for name in draw(st.lists(st.sampled_from(sorted(TEXTS)), min_size=1, max_size=4)):
        text = texts.get(name, "")
        match draw(st.sampled_from(["cut", "insert", "mix", "drop", "repeat"])):
            case "cut":
                start = draw(st.integers(0, len(text)))
                texts[name] = text[:start] + text[start + draw(st.integers(0, 30)) :]
            case "insert":
                place = draw(st.integers(0, len(text)))
                extra = draw(st.text(max_size=9) | st.sampled_from(PIECES))
                texts[name] = text[:place] + extra + text[place:]
            case "mix":
                texts[name] = "\n".join(draw(st.permutations(text.split("\n"))))
            case "repeat":
                texts[name] = f"{text}\n{draw(st.sampled_from(PIECES))}\n{text}"
            case _:
                texts.pop(name, None)
    return texts


def rules(of: Content) -> set[str]:
    """The rules that a release breaks; new texts may well be copies of each other."""
    return {problem.code for problem in verify(build(of), versions())} - {"split"}


@settings(FEW, suppress_health_check=[HealthCheck.too_slow])
@given(edits())
def test_what_is_restored_keeps_every_rule_and_every_label_has_its_text(
    texts: dict[str, str],
) -> None:
    given_ = copies(texts)
    if not given_:
        return
    back = rehydrate(OFF, given_)
    left = in_part(back, "0" * 64)
    assert rules(left) == set()
    was = {one.sentence_id: one.text for one in WHOLE.sentences}
    now = {one.sentence_id: one.text for one in left.sentences}
    before = {label.sentence_id: label for label in WHOLE.labels}
    for label in left.labels:
        assert now[label.sentence_id] == was[label.sentence_id]
        assert label == before[label.sentence_id]
    lost = sum(fate.annotations for fate in back.fates)
    assert len(left.annotations) == len(WHOLE.annotations) - lost
    assert left.restored is not None
    assert left.restored.annotations == lost


@pytest.mark.parametrize("name", sorted(TEXTS))
def test_every_sentence_has_exactly_one_fate(name: str) -> None:
    back = rehydrate(OFF, copies({**TEXTS, name: TEXTS[name] + "\nTamat."}))
    (fate,) = (one for one in back.fates if one.state == "drifted")
    sentences = [one.sentence_id for one in WHOLE.sentences if one.article_id == name]
    assert [one.sentence_id for one in fate.sought] == sentences


@pytest.mark.parametrize("shard_bytes", [1, 2000])
def test_shards_come_back_where_they_were(shard_bytes: int) -> None:
    whole = msgspec.structs.replace(WHOLE, shard_bytes=shard_bytes)
    full = build(whole)
    off = build_stand_off(whole)
    assert any("-of-00003" in name for name in off) or shard_bytes > 1
    assert verify(off, versions()) == []
    back = rehydrate(to_content(read_release(off)), copies(TEXTS))
    assert build(back.content) == full


URL = "https://kabar.example/banjir"


def addressed(articles: Mapping[str, Article]) -> dict[str, Article]:
    linked = msgspec.structs.replace(articles["banjir"], source=URL)
    return {**articles, "banjir": linked}


def test_addresses_that_were_dropped_come_from_the_copies_and_others_do_not() -> None:
    articles = addressed({one.article_id: one for one in WHOLE.articles})
    whole = digested(msgspec.structs.replace(WHOLE, articles=tuple(articles.values())))
    off = stand_off(whole, Full(content_hashes={}, sums="0" * 64), drop_urls=True)
    assert {one.source for one in off.articles if one.article_id == "banjir"} == {""}
    assert rehydrate(off, addressed(copies(TEXTS))).content.articles == whole.articles
    assert rehydrate(off, copies(TEXTS)).content.articles != whole.articles
    kept = stand_off(whole, Full(content_hashes={}, sums="0" * 64))
    assert rehydrate(kept, copies(TEXTS)).content.articles == whole.articles
