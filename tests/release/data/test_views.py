import msgspec
from hypothesis import given
from hypothesis import strategies as st

from samples import content
from sikap.release.data.tables import tables
from sikap.release.data.views import VIEWS, article_views, count, unknown_in_train, views_of
from sikap.text.words import normal_form

replace = msgspec.structs.replace
SPLITS = {"a": "train", "b": "train", "c": "test", "d": "test", "e": "validation"}


def views(*articles: tuple[str, str | None, str | None]) -> dict[str, tuple[str, ...]]:
    return article_views(articles, SPLITS)


def test_what_is_published_after_all_of_train_is_in_the_view_by_time() -> None:
    train = ("a", None, "2026-01-01"), ("b", None, "2026-03-01")
    late, same = ("c", None, "2026-03-02"), ("d", None, "2026-03-01")
    assert views(*train, late, same) == {"c": ("time",), "d": ()}


def test_what_no_article_of_train_is_by_is_in_the_view_by_outlet() -> None:
    articles = ("a", "Kabar Uji", None), ("c", "KABAR  uji", None), ("d", "Warta", None)
    assert views(*articles) == {"c": (), "d": ("outlet",)}


def test_only_articles_of_test_are_in_views() -> None:
    articles = ("a", "Kabar", "2026-01-01"), ("e", "Warta", "2026-02-01")
    assert views(*articles) == {}


def test_what_is_not_known_holds_nothing() -> None:
    unknown, known = ("a", None, None), ("c", "Warta", "2026-01-01")
    assert views(unknown, known) == {"c": ()}
    dated = ("b", "Kabar", "2025-01-01")
    assert views(unknown, dated, known, ("d", None, None)) == {"c": ("time", "outlet"), "d": ()}
    assert unknown_in_train([unknown, dated, known], SPLITS) == {"published": 1, "outlet": 1}


DAY = st.none() | st.sampled_from(["2026-01-01", "2026-01-02", "2026-01-03"])
OUTLET = st.none() | st.sampled_from(["x", "y", "z"])


@given(st.lists(st.tuples(st.sampled_from("abcde"), OUTLET, DAY), unique_by=lambda a: a[0]))
def test_views_hold_against_every_article_of_train(
    articles: list[tuple[str, str | None, str | None]],
) -> None:
    train = [one for one in articles if SPLITS[one[0]] == "train"]
    for id_, found in article_views(articles, SPLITS).items():
        (_, outlet, day) = next(one for one in articles if one[0] == id_)
        days, outlets = [d for _, _, d in train if d], [o for _, o, _ in train if o]
        later = day is not None and days != [] and all(day > other for other in days)
        assert ("time" in found) == later
        assert ("outlet" in found) == bool(outlet and outlets and outlet not in outlets)


def test_the_views_of_rows_are_those_of_article_and_mention() -> None:
    given_ = content()
    days = {"jalan": "2026-02-01", "kopi": "2026-01-01"}
    articles = [replace(one, published=days.get(one.article_id)) for one in given_.articles]
    found = {
        config: {split: table.to_pylist() for split, table in by_split.items()}
        for config, by_split in tables(replace(given_, articles=tuple(articles))).items()
    }
    views_by_target = {row["target"]: row["views"] for row in found["stance"]["test"]}
    # "Adi" is marked in train, "Sari" is not: "Gubernur Sari" is another mention.
    assert views_by_target == {"Adi": ["time"], "Sari": ["time", "target"]}
    for config in ("sentences", "entities"):
        assert all(row["views"] == ["time"] for row in found[config]["test"])
    for by_split in (found[config] for config in ("sentences", "entities", "stance")):
        assert all(
            row["views"] == [] for split in ("train", "validation") for row in by_split[split]
        )
    assert all("views" not in row for row in found["annotations"]["test"])


def test_open_spans_of_train_are_not_marked() -> None:
    marked = views_of(content()).marked
    assert normal_form("Gubernur  SARI") in marked
    assert normal_form("Partai 🌾 Tani") not in marked


def test_views_are_counted_by_name_also_where_there_are_none() -> None:
    rows = [["time", "target"], [], ["target"]]
    assert count(rows, VIEWS) == {"time": 1, "outlet": 0, "target": 2}
