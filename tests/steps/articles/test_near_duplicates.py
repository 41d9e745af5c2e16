from collections.abc import Iterable, Sequence
from pathlib import Path
from random import Random

import pytest
from hypothesis import given
from hypothesis import strategies as st

from builders import article
from examples import FEW
from samples import PYPROJECT
from sikap import Project, open_project
from sikap.articles.near_duplicates import pairs
from sikap.articles.near_duplicates.minhash import Signatures, signatures
from sikap.records import Article
from sikap.settings import Copies
from sikap.steps.articles import near_duplicates as step
from sikap.steps.articles.near_duplicates import clusters, kept_signatures
from sikap.steps.report import silent
from sikap.storage.files import encode_lines

WORDS = [f"kata{number}" for number in range(3_000)]


def project(root: Path, more: str = "") -> Project:
    root.mkdir(exist_ok=True)
    (root / "pyproject.toml").write_text(PYPROJECT + more)
    return open_project(root)


def corpus(count: int, seed: int = 0) -> list[Article]:
    """Texts of 60 words, two thirds of them copies of another with a few words changed."""
    random = Random(seed)
    texts = [random.choices(WORDS, k=60) for _ in range(count // 3)]
    while len(texts) < count:
        text = list(random.choice(texts))
        for _ in range(random.randrange(7)):
            text[random.randrange(60)] = random.choice(WORDS)
        texts.append(text)
    random.shuffle(texts)
    return [article(" ".join(text), f"a{number:04}") for number, text in enumerate(texts)]


def found(of: Project, articles: Iterable[Article], processes: int = 1) -> dict[str, str]:
    of.articles.parent.mkdir(exist_ok=True)
    of.articles.write_bytes(encode_lines(articles))
    return clusters(of, of.articles, processes, silent)


def expected(articles: Sequence[Article], copies: Copies) -> dict[str, str]:
    groups = pairs.copies(articles, copies)
    return {id_: min(group) for group in groups for id_ in group}


@pytest.fixture
def counted(monkeypatch: pytest.MonkeyPatch) -> list[int]:
    """How many texts were signed, each time that some were."""
    counts: list[int] = []

    def counting(texts: Sequence[str], copies: Copies) -> Signatures:
        counts.append(len(texts))
        return signatures(texts, copies)

    monkeypatch.setattr(step, "signatures", counting)
    return counts


def test_clusters_are_the_groups_of_copies_whatever_the_order_and_the_processes(
    tmp_path: Path,
) -> None:
    articles = corpus(150)
    wanted = expected(articles, Copies())
    assert len(set(wanted.values())) > 20
    assert found(project(tmp_path / "one"), articles) == wanted
    assert found(project(tmp_path / "two"), articles[::-1], processes=2) == wanted


def test_adding_articles_computes_no_signature_again(tmp_path: Path, counted: list[int]) -> None:
    articles, one = corpus(90), project(tmp_path)
    different = len({one.text for one in articles})
    found(one, articles[:60])
    assert sum(counted) == len({one.text for one in articles[:60]})
    assert found(one, articles) == expected(articles, Copies())
    assert sum(counted) == different < 90
    found(one, articles)
    assert sum(counted) == different


def test_another_threshold_takes_the_kept_signatures_and_other_shingles_do_not(
    tmp_path: Path, counted: list[int]
) -> None:
    articles = corpus(60)
    found(project(tmp_path), articles)
    once = sum(counted)
    strict = project(tmp_path, "[tool.sikap.copies]\nthreshold = 0.9\n")
    assert found(strict, articles) == expected(articles, Copies(threshold=0.9))
    assert sum(counted) == once
    longer = project(tmp_path, "[tool.sikap.copies]\nwords = 5\n")
    assert found(longer, articles) == expected(articles, Copies(words=5))
    assert sum(counted) == 2 * once


@FEW
@given(st.data())
def test_a_damaged_file_is_made_whole(
    tmp_path_factory: pytest.TempPathFactory, data: st.DataObject
) -> None:
    articles, one = corpus(12), project(tmp_path_factory.mktemp("damaged"))
    wanted = found(one, articles)
    (file,) = (one.private / "signatures").glob("*.bin")
    whole = file.read_bytes()
    if data.draw(st.booleans()):
        file.write_bytes(whole[: data.draw(st.integers(0, len(whole)))])
    else:
        at = data.draw(st.integers(0, len(whole) - 1))
        file.write_bytes(whole[:at] + bytes([whole[at] ^ 0xFF]) + whole[at + 1 :])
    assert found(one, articles) == wanted


def test_signatures_of_articles_in_memory_are_kept_ones_or_new_ones(
    tmp_path: Path, counted: list[int]
) -> None:
    articles, one = corpus(30), project(tmp_path)
    found(one, articles[:20])
    counted.clear()
    rows = kept_signatures(one, articles)
    known = {one.text for one in articles[:20]}
    assert sum(counted) == len([one for one in articles if one.text not in known]) > 0
    near = pairs.near_pairs(articles, Copies(), rows)
    assert near == pairs.near_pairs(articles, Copies())


def test_texts_without_words_and_no_articles_have_no_copies(tmp_path: Path) -> None:
    assert found(project(tmp_path), []) == {}
    assert found(project(tmp_path), [article("!", "a"), article("?", "b")]) == {}
    assert found(project(tmp_path), [article("!", "b"), article("!", "a")]) == {"a": "a", "b": "a"}
