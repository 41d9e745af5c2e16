"""The columns of every config: one object for Parquet metadata, card and checks."""

from collections.abc import Collection, Iterable, Sequence

from datasets import ClassLabel, Features, List, Value

from sikap.labelling_config.scheme import Control, Scheme
from sikap.release.data.content import Text

FIELDS = {
    "sentence_id": "id of the sentence; survives edits elsewhere in the article",
    "article_id": "id of the article",
    "index": "place of the sentence in its article, from 0",
    "paragraph": "paragraph of the article, from 0",
    "kind": "body, heading, dateline, byline, caption, related_link or other",
    "start": "first code point of the sentence in the article's text",
    "end": "one past its last code point",
    "text": "the frozen text: of the article, of the sentence, or of the sentence that is judged",
    "labelled": "whether anybody annotated the sentence; without spans it is then labelled, empty",
    "annotators": "how many annotators judged it in the round that decided",
    "round": "ordinal of the round (see Rounds)",
    "open": "how many decisions are open because annotators disagree",
    "spans": "marked spans: start and end (code points in the sentence), what is there, attributes",
    "item_id": "id of the sentence in the round",
    "pass": "1; 2 where the same annotator judged the sentence again; 0 where the answer was known",
    "annotator": "pseudonym of this release",
    "annotator_kind": "expert, crowd, model or rule",
    "status": "submitted or skipped",
    "seconds": "time on the item as Label Studio measured it",
    "text_sha256": "SHA-256 of the text as UTF-8",
    "raw_sha256": "SHA-256 of the file as received",
    "source": "path among the raw files, or URL",
    "language": "language of the text",
    "title": "title, where known",
    "outlet": "who published it, where known",
    "published": "day of publication, where known",
    "licence": "licence of the text, where known",
    "encoding": "encoding of the raw file",
    "normalised": "what was changed before the text was frozen",
    "tokens": "the tokens of the sentence",
    "ner_tags": "a BIO tag for each token; null while a span of the sentence is open",
    "token_starts": "first code point of each token in the sentence",
    "token_ends": "one past the last code point of each token",
    "label": "the settled value; null while it is open",
    "label_votes": (
        "how many annotators gave each value, in the order of the names of `label`; adjudicators"
        " do not count"
    ),
    "target": "the marked mention",
    "target_start": "first code point of the mention in the sentence",
    "target_end": "one past its last code point",
    "target_label": "label of the mention",
    "views": "the harder views of `test` that the row belongs to (see Views); none in other splits",
}
"""What each column holds; columns of controls are described by `describe_field`."""

STAND_OFF = {
    "source": "path among the raw files, or URL; null where the URL was left out",
    "text_sha256": "SHA-256 of the frozen text as UTF-8, which is not here",
}
"""The same of a stand-off release, where it differs."""

PARTS = {
    "start": "first code point of the span in the sentence",
    "end": "one past its last code point",
    "text": "the marked words",
    "label": "label of the span",
    "how": "unanimous, majority, adjudicated or single",
    "votes": "how many annotators said so",
    "of": "how many annotators there were to say so",
}
"""What the parts of spans and provenances hold; see `describe_part`."""

_PROVENANCE = {"how": Value("string"), "votes": Value("int32"), "of": Value("int32")}

_VIEWS = {"views": List(Value("string"))}


def features(scheme: Scheme, text: Text = "full") -> dict[str, Features]:
    """The features of every config that the scheme gives, in the order of the card."""
    whole = _features(scheme)
    if text == "full":
        return whole
    textual = _textual(scheme)
    return {config: _without(columns, textual[config]) for config, columns in whole.items()}


def _features(scheme: Scheme) -> dict[str, Features]:
    configs = {
        "sentences": _sentences(scheme),
        "annotations": _annotations(scheme),
        "articles": _articles(),
    }
    for control in scheme.of_kind("spans"):
        configs[control.name] = _tagged(control)
    for control in choice_configs(scheme):
        configs[control.name] = _judged(control, scheme)
    return configs


def _textual(scheme: Scheme) -> dict[str, frozenset[str]]:
    """The columns of every config that hold pieces of articles; so does `text` of a span."""
    columns = {
        "sentences": frozenset({"text"}),
        "annotations": frozenset[str](),
        "articles": frozenset({"text", "title"}),
    }
    for control in scheme.controls:
        given = {"spans": {"tokens"}, "attribute": {"text", "target"}, "choice": {"text"}}
        columns[control.name] = frozenset(given[control.kind])
    return columns


def _without(columns: Features, textual: Collection[str]) -> Features:
    kept = {name: column for name, column in columns.items() if name not in textual}
    if "spans" in kept:
        span = {name: field for name, field in kept["spans"].feature.items() if name != "text"}
        kept["spans"] = List(span)
    return Features(kept)


def features_of_tables(
    scheme: Scheme, tables: Iterable[str], text: Text = "full"
) -> dict[str, Features]:
    """The features of those configs that have rows, in the order of the card."""
    present = set(tables)
    return {name: columns for name, columns in features(scheme, text).items() if name in present}


def optional_columns(scheme: Scheme, text: Text = "full") -> dict[str, frozenset[str]]:
    """The columns of every config, or fields of its spans, that may be null."""
    dropped = {"source"} if text == "standoff" else set()
    controls = {c.name for kind in ("attribute", "choice") for c in scheme.of_kind(kind)}
    settled = {f"{name}_provenance" for name in controls} | controls
    columns = dict.fromkeys(features(scheme), frozenset({"ner_tags", "label", *controls}))
    return columns | {
        "sentences": frozenset({"annotators", "round", "open", "spans", *settled}),
        "annotations": frozenset({"seconds", *controls}),
        "articles": frozenset({"title", "outlet", "published", "licence", *dropped}),
    }


def choice_configs(scheme: Scheme) -> tuple[Control, ...]:
    """The Choices that get a config; one that hangs on another choice is a column of that one."""
    kinds = ("attribute", "choice")
    return tuple(c for c in scheme.controls if c.kind in kinds and c.when is None)


def beside(control: Control, scheme: Scheme) -> tuple[Control, ...]:
    """The controls that are columns in the config of another.

    For a per-region control all others of the region, else the choices that hang on it.
    """
    others = (c for c in scheme.of_kind(control.kind) if c.name != control.name)
    if control.kind == "attribute":
        return tuple(others)
    return tuple(c for c in others if c.when and c.when.control == control.name)


def bio_names(control: Control) -> list[str]:
    """The tags of a Labels control: O, then B- and I- of every label in the config's order."""
    return ["O", *(f"{prefix}-{label}" for label in control.values for prefix in "BI")]


def describe_field(name: str, scheme: Scheme, text: Text = "full") -> str:
    """What a column holds, in words."""
    if text == "standoff" and name in STAND_OFF:
        return STAND_OFF[name]
    if name in FIELDS:
        return FIELDS[name]
    base = name.removesuffix("_provenance")
    if base != name:
        return f"how {base} was settled, with how many votes of how many"
    values = next(control.values for control in scheme.controls if control.name == base)
    return f"{base}: {', '.join(values)}"


def describe_part(path: Sequence[str], scheme: Scheme) -> str:
    """What a part of a nested column holds, in words; ``path`` leads to it from the column."""
    *outer, name = path
    owner = outer[-1] if len(outer) > 1 or "provenance" in outer[-1] else ""
    described = PARTS[name] if name in PARTS else describe_field(name, scheme)
    return f"{owner}: {described}" if owner else described


def _text(*names: str) -> dict[str, Value]:
    return {name: Value("string") for name in names}


def _numbers(*names: str) -> dict[str, Value]:
    return {name: Value("int32") for name in names}


def _values(control: Control) -> Value | List:
    return List(Value("string")) if control.multiple else Value("string")


def _classes(control: Control) -> ClassLabel | List:
    label = ClassLabel(names=list(control.values))
    return List(label) if control.multiple else label


def _sentences(scheme: Scheme) -> Features:
    span = {**_numbers("start", "end"), **_text("text", "label"), "provenance": _PROVENANCE}
    for control in scheme.of_kind("attribute"):
        span |= {control.name: _values(control), f"{control.name}_provenance": _PROVENANCE}
    columns = {
        **_text("sentence_id", "article_id"),
        **_numbers("index", "paragraph"),
        **_text("kind"),
        **_numbers("start", "end"),
        **_text("text"),
        "labelled": Value("bool"),
        **_numbers("annotators", "round", "open"),
        "spans": List(span),
    }
    for control in scheme.of_kind("choice"):
        columns |= {control.name: _values(control), f"{control.name}_provenance": _PROVENANCE}
    return Features(columns | _VIEWS)


def _annotations(scheme: Scheme) -> Features:
    attributes = {control.name: _values(control) for control in scheme.of_kind("attribute")}
    return Features(
        {
            **_text("item_id", "sentence_id", "article_id"),
            **_numbers("round", "pass"),
            **_text("annotator", "annotator_kind", "status"),
            "spans": List({**_numbers("start", "end"), **_text("text", "label"), **attributes}),
            **{control.name: _values(control) for control in scheme.of_kind("choice")},
            "seconds": Value("float64"),
        }
    )


def _articles() -> Features:
    return Features(
        {
            **_text("article_id", "text", "text_sha256", "raw_sha256", "source", "language"),
            **_text("title", "outlet", "published", "licence", "encoding"),
            "normalised": List(Value("string")),
        }
    )


def _tagged(control: Control) -> Features:
    return Features(
        {
            **_text("sentence_id", "article_id"),
            "tokens": List(Value("string")),
            "ner_tags": List(ClassLabel(names=bio_names(control))),
            "token_starts": List(Value("int32")),
            "token_ends": List(Value("int32")),
            **_VIEWS,
        }
    )


def _judged(control: Control, scheme: Scheme) -> Features:
    columns = _text("sentence_id", "article_id", "text")
    if control.kind == "attribute":
        columns |= {**_text("target"), **_numbers("target_start", "target_end")}
        columns |= _text("target_label")
    columns |= {"label": _classes(control), "label_votes": List(Value("int32"))}
    columns |= {other.name: _values(other) for other in beside(control, scheme)}
    return Features(columns | _VIEWS)


SENTENCE_KEY = ("sentence_id",)
KEYS = {"annotations": ("item_id", "annotator"), "articles": ("article_id",)}
"""Columns that tell rows apart in the configs where the id of a sentence does not."""


def key_columns(config: str, columns: Sequence[str], span_key: Sequence[str]) -> tuple[str, ...]:
    """The columns that tell the rows of a config apart; all of them where none is known."""
    chosen: tuple[str, ...] = KEYS.get(config, SENTENCE_KEY)
    if config not in KEYS and "target_start" in columns:
        extra = ("label" if name == config else name for name in span_key)
        mention = ("target_start", "target_end", "target_label")
        chosen = (*SENTENCE_KEY, *mention, *(name for name in extra if name in columns))
    return chosen if set(chosen) <= set(columns) else tuple(columns)
