"""croissant.json: the release as Croissant 1.1 with the RAI fields that NeurIPS asks for.

People's words come from the settings and the answers of the datasheet, figures from the facts,
fields from the features of the Parquet files; so `verify` can write it anew and compare. Nothing
in it depends on a clock or on the place where it was built: addresses are relative to the folder.
"""

import json
import re
from collections.abc import Iterator, Mapping
from importlib.resources import files as resources
from typing import Any

from datasets import Features

from sikap.records import Annotator
from sikap.release.data.content import Content, Meta
from sikap.release.data.statistics import Facts
from sikap.release.documents.agreement_tables import MACHINES, analyses
from sikap.release.documents.citation import authors, bibtex, keywords, spdx
from sikap.release.documents.croissant_provenance import Answer, Node, derived_from, generated_by
from sikap.release.documents.croissant_record_sets import Files, distribution, record_sets
from sikap.release.documents.datasheet import answers_of
from sikap.release.documents.datasheet_questions import QUESTIONS, TEXTS, RaiField

CONFORMS_TO = ("http://mlcommons.org/croissant/1.1", "http://mlcommons.org/croissant/RAI/1.0")
BLOCK = re.compile(r"^(?:\s*(?:[-+>#|]|\*\s|[0-9]+[.)]\s)|    )", re.MULTILINE)
FENCE = re.compile(r"^\s*(?:```|~~~)", re.MULTILINE)
NOT_ANSWERED = "Not answered."
NOT_SAID = "nothing is said of it."
PLATFORM = "Label Studio"


def croissant(
    content: Content, facts: Facts, features: Mapping[str, Features], files: Files
) -> Node:
    """The description of a release; ``files`` are its Parquet files by config and split.

    The order of its keys is fixed. A question without an answer, which only a draft can have,
    reads "Not answered."
    """
    meta, answers = content.meta, answers_of(content.datasheet)
    context = (resources("sikap.release.documents") / "croissant_context.json").read_text(
        encoding="utf-8"
    )
    return {
        "@context": json.loads(context),
        "@type": "sc:Dataset",
        **_head(meta, draft=content.draft),
        **{f"rai:{name}": text for name, text in _said(meta, answers)},
        **{f"rai:{name}": text for name, text in _counted(content, facts)},
        "prov:wasDerivedFrom": derived_from(content, facts, _answer(answers)),
        "prov:wasGeneratedBy": list(generated_by(content, facts, _answer(answers))),
        "distribution": list(distribution(files)),
        "recordSet": list(record_sets(features, content.scheme, files)),
    }


def _head(meta: Meta, *, draft: bool) -> Node:
    licence = spdx(meta.licence)
    head = {
        "name": meta.title,
        "alternateName": meta.name,
        "description": meta.summary.strip() or NOT_ANSWERED,
        "conformsTo": list(CONFORMS_TO),
        "creativeWorkStatus": "Draft" if draft else "Published",
        "license": f"https://spdx.org/licenses/{licence}.html" if licence else meta.licence,
        # The page of a dataset without a home is its card.
        "url": meta.homepage or "README.md",
        "version": meta.version,
        "sdVersion": meta.version,
        "datePublished": meta.published,
        "isLiveDataset": False,
        "inLanguage": meta.language,
        "keywords": keywords(meta),
        "creator": [_creator(author.name, author.given) for author in authors(meta)],
        "citeAs": bibtex(meta),
    }
    return {key: value for key, value in head.items() if value not in ("", [])}


def _creator(name: str, given: str) -> Node:
    if not given:
        return {"@type": "sc:Organization", "name": name}
    person = {"familyName": name, "givenName": given}
    return {"@type": "sc:Person", "name": f"{given} {name}", **person}


def _said(meta: Meta, answers: Mapping[str, str]) -> Iterator[tuple[str, Any]]:
    for name, field in QUESTIONS.rai.items():
        texts = list(_texts(field, meta, answers))
        yield name, "\n\n".join(texts) if field.whole else texts


def _texts(field: RaiField, meta: Meta, answers: Mapping[str, str]) -> Iterator[str]:
    for setting in field.settings:
        yield from (text for text in getattr(meta, setting) if text.strip())
    answer = _answer(answers)
    # With its question, for "No." alone says nothing.
    yield from (f"{TEXTS[id_]} {answer(id_)}" for id_ in field.questions)


def _answer(answers: Mapping[str, str]) -> Answer:
    return lambda id_: unwrapped(answers.get(id_, NOT_ANSWERED))


def unwrapped(markdown: str) -> str:
    """The text with each paragraph on one line; lists, tables and code stay as they are."""
    if FENCE.search(markdown):
        return markdown
    return "\n\n".join(
        one if BLOCK.search(one) else " ".join(line.strip() for line in one.split("\n"))
        for one in markdown.split("\n\n")
    )


def _counted(content: Content, facts: Facts) -> Iterator[tuple[str, Any]]:
    """Yield the RAI fields that the data answer; those without anything to say are left out."""
    machines = any(facts.annotators.get(kind) for kind in MACHINES)
    yield "hasSyntheticData", content.meta.text_origin == "machine-generated" or machines
    roster = dict.fromkeys(entry for one in content.rounds for entry in one.roster)
    overlaps = (
        f"Round {one.ordinal} ({one.purpose}): {one.design.overlap} for each of "
        f"{one.counts.items} items."
        for one in content.rounds
    )
    fields = {
        "dataAnnotationPlatform": [PLATFORM] if content.rounds else [],
        "annotationsPerItem": " ".join(overlaps),
        "dataAnnotationAnalysis": list(analyses(facts.agreement, content.rounds)),
        "annotatorDemographics": [_who(one) for one in roster if one.kind not in MACHINES],
        "machineAnnotationTools": [_who(one) for one in roster if one.kind in MACHINES],
    }
    yield from ((name, said) for name, said in fields.items() if said)


def _who(entry: Annotator) -> str:
    return f"{entry.annotator} ({entry.kind}): {entry.qualifications or NOT_SAID}"
