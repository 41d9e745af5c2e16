"""The dataset card: YAML from the same features as the Parquet files, text from the figures."""

import re
from collections.abc import Mapping
from typing import Any

import yaml
from datasets import Features
from datasets.info import DatasetInfo, DatasetInfosDict
from huggingface_hub import DatasetCardData

from sikap.release.data.baselines import glossary, parts
from sikap.release.data.class_balance import missing_classes
from sikap.release.data.content import Content
from sikap.release.data.features import describe_field
from sikap.release.data.statistics import Facts
from sikap.release.data.views import VIEWS
from sikap.release.documents.citation import bibtex, is_unknown, read_yaml
from sikap.release.documents.datasheet import figure_blocks
from sikap.rendering.templates import templates
from sikap.storage.files import sha256

SIZES = ((1_000, "n<1K"), (10_000, "1K<n<10K"), (100_000, "10K<n<100K"), (10**6, "100K<n<1M"))
CREATORS = {
    "expert": "expert-generated",
    "crowd": "crowdsourced",
    "model": "machine-generated",
    "rule": "machine-generated",
}
FENCE = "---\n"


def card(
    content: Content, facts: Facts, features: Mapping[str, Features], files: Mapping[str, Any]
) -> str:
    """The README.md of a release; ``files`` maps config and split to its Parquet files."""
    metadata = card_metadata(content, facts, features, files)
    # A library writes the YAML: to it, labels such as "no" and "on" are no booleans.
    front = yaml.safe_dump(metadata, sort_keys=False, allow_unicode=True, width=10_000)
    described = {
        config: {column: describe_field(column, content.scheme, content.text) for column in columns}
        for config, columns in features.items()
    }
    body = templates("sikap.release.documents").get_template("card.md.jinja")
    text = body.render(
        meta=content.meta,
        draft=content.draft,
        licence_unknown=is_unknown(content.meta.licence),
        bibtex=bibtex(content.meta),
        facts=facts,
        figures=figure_blocks(facts, content.rounds),
        consistent=any(one.consistency for one in facts.agreement),
        fields=described,
        withdrawn=content.withdrawn,
        text=content.text,
        restored=content.restored,
        baselines=list(parts(content.baselines)),
        glossary=glossary(content.baselines),
        machine_labels=bool({"model", "rule"} & facts.annotators.keys()),
        controls=content.scheme.controls,
        splits={config: next(iter(by_split)) for config, by_split in files.items()},
        guidelines=content.guidelines_file,
        guidelines_digest=sha256(content.files[content.guidelines_file])[:8],
        versions=content.inputs.versions,
        views=VIEWS,
        view=_view(facts),
        missing=[problem.found for problem in missing_classes(facts.balance)],
        quarantined=content.quarantined,
        code=_code,
    )
    text = re.sub(r"\n{3,}", "\n\n", text)  # where parts of the template are left out
    return f"{FENCE}{front}{FENCE}\n{text}"


def _code(text: str) -> str:
    """A name as it stands in a line or a table, whatever it holds."""
    return f"`{' '.join(text.replace('`', chr(39)).replace('|', chr(92) + '|').split())}`"


def read_front(text: str) -> dict[str, Any]:
    """The YAML at the head of a card; raises ValueError where there is none."""
    head, _, rest = text.partition(FENCE)
    front, closed, _ = rest.partition(f"\n{FENCE}")
    if head or not closed:
        raise ValueError("the card does not begin with YAML between '---' lines")
    try:
        metadata = read_yaml(front)
    except (yaml.YAMLError, RecursionError) as error:
        raise ValueError(f"the YAML of the card cannot be read: {error}") from error
    if not isinstance(metadata, dict):
        raise TypeError("the YAML of the card is no mapping")
    return metadata


def card_metadata(
    content: Content, facts: Facts, features: Mapping[str, Features], files: Mapping[str, Any]
) -> dict[str, Any]:
    """What the Hub and `load_dataset` read: licence, creators, tasks, configs, features."""
    meta, scheme = content.meta, content.scheme
    kinds = sorted({CREATORS[kind] for kind in facts.annotators})
    tasks = ["token-classification"] if scheme.of_kind("spans") else []
    tasks += ["text-classification"] if len(scheme.controls) > len(scheme.of_kind("spans")) else []
    data = {
        "pretty_name": meta.title,
        "language": [meta.language],
        "license": meta.licence.lower(),
        "annotations_creators": kinds or ["no-annotation"],
        "language_creators": [meta.text_origin],
        "multilinguality": ["monolingual"],
        "source_datasets": ["original"],
        "size_categories": [_size(facts.sentences)],
        "task_categories": tasks,
        "task_ids": list(meta.task_ids),
        "tags": list(meta.tags),
        "configs": [_config(name, files[name], meta.version) for name in features],
        **features_yaml(features),
    }
    return {key: value for key, value in data.items() if value}


def features_yaml(features: Mapping[str, Features]) -> dict[str, Any]:
    """The ``dataset_info`` of the card for every config."""
    data = DatasetCardData()
    infos = {name: DatasetInfo(features=columns) for name, columns in features.items()}
    DatasetInfosDict(infos).to_dataset_card_data(data)
    return {"dataset_info": data.get("dataset_info")}


def _config(name: str, files: Mapping[str, list[str]], version: str) -> dict[str, Any]:
    # Without the version the cache of `datasets` would serve old rows after a rebuild.
    config = {
        "config_name": name,
        "version": version,
        "data_files": [{"split": split, "path": paths} for split, paths in files.items()],
    }
    return config | ({"default": True} if name == "sentences" else {})


def _view(facts: Facts) -> tuple[str, str] | None:
    """A config and a view of it to show; rather one with rows, and rather by target."""
    choices = [(c, v) for c, counts in facts.views.items() for v in reversed(counts)]
    order = {
        choice: (not facts.views[choice[0]][choice[1]], choice[1] != "target") for choice in choices
    }
    return min(choices, key=lambda choice: order[choice], default=None)


def _size(count: int) -> str:
    return next((name for limit, name in SIZES if count < limit), "1M<n<10M")
