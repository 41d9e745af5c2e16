"""Files, record sets and fields of a Croissant description, from the features of the tables.

A config is a FileSet of its Parquet files and a RecordSet over it. Each row knows its split from
the name of its file. Structs inside lists are flattened to their leaves, for that is how
mlcroissant gives them back as rows: ``spans`` is a list of records whose fields have ids such as
``sentences/spans/provenance/how``. Of references there is only that of a split, for mlcroissant
takes each for a join to make, and stumbles over a second one.
"""

import re
from collections.abc import Iterator, Mapping, Sequence
from typing import Any

import msgspec
from datasets import ClassLabel, Features, List, Value

from sikap.labelling_config.scheme import Scheme
from sikap.release.data.features import KEYS, SENTENCE_KEY, describe_field, describe_part
from sikap.release.documents.croissant_provenance import Node

PARQUET = "application/x-parquet"
TYPES = {"string": "sc:Text", "bool": "sc:Boolean", "int": "sc:Integer", "float": "sc:Float"}
SPLITS = "split.names"  # no config can have this name, nor one with a slash or an asterisk
SPLIT_URLS = {
    "train": "http://mlcommons.org/croissant/TrainingSplit",
    "validation": "http://mlcommons.org/croissant/ValidationSplit",
    "test": "http://mlcommons.org/croissant/TestSplit",
}
ROWS = {
    "sentences": "A record is a sentence, with its spans, choices and how each was settled.",
    "annotations": "A record is what one annotator said of one sentence.",
    "articles": "A record is an article, with its frozen text if the release has texts.",
    "spans": "A record is an annotated sentence as tokens and BIO tags, with offsets.",
    "attribute": "A record is a marked mention and what was said of it.",
    "choice": "A record is a sentence and what was said of it.",
}


class DataFile(msgspec.Struct, frozen=True, kw_only=True):
    """A Parquet file: its path in the release, its size in bytes, its digest."""

    path: str
    size: int
    sha256: str


Files = Mapping[str, Mapping[str, Sequence[DataFile]]]
"""Parquet files by config and split."""


def distribution(files: Files) -> Iterator[Node]:
    """Yield every Parquet file with its checksum, then a set of files for every config."""
    for config, by_split in files.items():
        for split, parts in by_split.items():
            for number, part in enumerate(parts, 1):
                yield {
                    "@type": "cr:FileObject",
                    "@id": part.path,
                    "name": part.path.rpartition("/")[2],
                    "description": f"{config}, {split}: file {number} of {len(parts)}",
                    "contentUrl": part.path,
                    "contentSize": f"{part.size} B",
                    "encodingFormat": PARQUET,
                    "sha256": part.sha256,
                }
    for config in files:
        yield {
            "@type": "cr:FileSet",
            "@id": _glob(config),
            "name": config,
            "description": f"All files of the config {config}.",
            "encodingFormat": PARQUET,
            "includes": _glob(config),
        }


def record_sets(features: Mapping[str, Features], scheme: Scheme, files: Files) -> Iterator[Node]:
    """Yield the splits, a record set for every config, and one for the values of each label."""
    yield _splits(list(dict.fromkeys(split for by_split in files.values() for split in by_split)))
    for config, columns in features.items():
        fields = [_split_field(config, columns)]
        fields += [_Column(config, name, scheme).field(columns[name]) for name in columns]
        yield {
            "@type": "cr:RecordSet",
            "@id": config,
            "name": config,
            "description": _rows(config, scheme),
            **_key(config, columns, scheme),
            "field": fields,
        }
        for name, column in columns.items():
            label = column.feature if isinstance(column, List) else column
            if isinstance(label, ClassLabel):
                yield _enumeration(_values_of(config, name), name, label.names)


def _rows(config: str, scheme: Scheme) -> str:
    kinds = {control.name: control.kind for control in scheme.controls}
    return ROWS[config] if config in ROWS else ROWS[kinds[config]]


def _key(config: str, columns: Features, scheme: Scheme) -> Node:
    """The fields that tell records apart; mentions have none, as two can differ in holder alone."""
    kinds = {control.name: control.kind for control in scheme.controls}
    if kinds.get(config) == "attribute":
        return {}
    names = KEYS.get(config, SENTENCE_KEY)
    ids = [{"@id": f"{config}/{name}"} for name in names if name in columns]
    return {"key": ids[0] if len(ids) == 1 else ids}


def _splits(names: Sequence[str]) -> Node:
    fields = {"name": "sc:Text", "url": "sc:URL"}
    return {
        "@type": "cr:RecordSet",
        "@id": SPLITS,
        "name": SPLITS,
        "description": "The splits; every record of another set belongs to one of them.",
        "dataType": "cr:Split",
        "key": {"@id": f"{SPLITS}/name"},
        "field": [
            {"@type": "cr:Field", "@id": f"{SPLITS}/{name}", "name": name, "dataType": type_}
            for name, type_ in fields.items()
        ],
        "data": [
            {
                f"{SPLITS}/name": name,
                f"{SPLITS}/url": SPLIT_URLS.get(name, "http://mlcommons.org/croissant/Split"),
            }
            for name in names
        ],
    }


def _split_field(config: str, columns: Features) -> Node:
    name = "split" if "split" not in columns else "split.name"
    # Optional groups: mlcroissant applies the expression again to what it has found.
    regex = rf"^(?:data/{re.escape(config)}/)?([a-z0-9_]+)(?:-.+\.parquet)?$"
    return {
        "@type": "cr:Field",
        "@id": f"{config}/{name}",
        "name": name,
        "description": "the split, from the name of the file",
        "dataType": "sc:Text",
        "source": {
            "fileSet": {"@id": _glob(config)},
            "extract": {"fileProperty": "fullpath"},
            "transform": {"regex": regex},
        },
        "references": {"field": {"@id": f"{SPLITS}/name"}},
    }


def _enumeration(id_: str, column: str, names: Sequence[str]) -> Node:
    fields = {"value": "sc:Integer", "name": "sc:Text"}
    return {
        "@type": "cr:RecordSet",
        "@id": id_,
        "name": id_,
        "description": f"The values of {column}, by the numbers that stand for them in the files.",
        "dataType": "sc:Enumeration",
        "key": {"@id": f"{id_}/value"},
        "field": [
            {"@type": "cr:Field", "@id": f"{id_}/{name}", "name": name, "dataType": type_}
            for name, type_ in fields.items()
        ],
        "data": [{f"{id_}/value": value, f"{id_}/name": name} for value, name in enumerate(names)],
    }


class _Column(msgspec.Struct, frozen=True):
    """A column of a config, which gives the fields of whatever is nested in it."""

    config: str
    name: str
    scheme: Scheme

    def field(self, feature: Any) -> Node:  # noqa: ANN401
        """The field of the whole column."""
        inner = feature.feature if isinstance(feature, List) else feature
        described = describe_field(self.name, self.scheme)
        if isinstance(inner, ClassLabel):
            described += f"; the numbers are named in {_values_of(self.config, self.name)}"
        node = self._node((self.name,), described)
        if isinstance(inner, dict):
            leaves = list(_leaves(inner, (self.name,), ()))
            array = _shape(1) if isinstance(feature, List) else {}
            return node | array | {"subField": [self._leaf(*leaf) for leaf in leaves]}
        return node | self._typed(feature) | {"source": self._source("")}

    def _leaf(self, names: tuple[str, ...], path: str, feature: Any) -> Node:  # noqa: ANN401
        node = self._node(names, describe_part(names, self.scheme))
        return node | self._typed(feature) | {"source": self._source(path)}

    def _node(self, names: Sequence[str], description: str) -> Node:
        return {
            "@type": "cr:Field",
            "@id": f"{self.config}/{'/'.join(names)}",
            "name": "/".join(names),
            "description": description,
        }

    def _typed(self, feature: Any) -> Node:  # noqa: ANN401
        depth = 0
        while isinstance(feature, List):
            feature, depth = feature.feature, depth + 1
        if isinstance(feature, ClassLabel):
            return {"dataType": ["sc:Integer", "cr:Label"], **_shape(depth)}
        return {"dataType": _type(feature), **_shape(depth)}

    def _source(self, path: str) -> Node:
        source = {"fileSet": {"@id": _glob(self.config)}, "extract": {"column": self.name}}
        return source | ({"transform": {"jsonPath": path}} if path else {})


def _leaves(
    struct: Mapping[str, Any], names: tuple[str, ...], path: tuple[str, ...]
) -> Iterator[tuple[tuple[str, ...], str, Any]]:
    """Yield the names, the JSON path and the feature of everything in a struct at any depth."""
    for name, feature in struct.items():
        here, there = (*names, name), (*path, _step(name))
        inner = feature.feature if isinstance(feature, List) else feature
        if isinstance(inner, dict):
            many = "[*]" if isinstance(feature, List) else ""
            yield from _leaves(inner, here, (*path, f"{_step(name)}{many}"))
        else:
            yield here, ".".join(there), feature


def _step(name: str) -> str:
    """A step of a JSON path, quoted where a parser could take it for something else."""
    plain = re.fullmatch(r"[A-Za-z_][A-Za-z0-9_]*", name)
    return name if plain and name not in {"parent", "where", "wherenot"} else f"'{name}'"


def _type(feature: Value) -> str:
    dtype = feature.dtype.removeprefix("large_").removeprefix("u")
    name = next((name for name in TYPES if dtype.startswith(name)), None)
    if name is None:
        raise ValueError(f"Croissant has no type for {feature.dtype}")
    return TYPES[name]


def _shape(depth: int) -> Node:
    return {"isArray": True, "arrayShape": ",".join(["-1"] * depth)} if depth else {}


def _glob(config: str) -> str:
    return f"data/{config}/*.parquet"


def _values_of(config: str, column: str) -> str:
    return f"{config}.{column}"
