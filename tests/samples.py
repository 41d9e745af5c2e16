"""A small dataset that holds every case a release can have, in memory and as a project on disk.

Six articles in three splits; a calibration, a production and an adjudication round; three
annotators. Sentences are settled, open in a span, open in an attribute, marked for two holders,
empty, skipped by everybody, and never annotated; texts hold emoji and combining characters.
"""

from collections.abc import Mapping, Sequence
from pathlib import Path

import msgspec

from builders import article
from sikap.labelling_config.scheme import Scheme
from sikap.labelling_config.scheme_from_xml import read_scheme
from sikap.records import (
    Annotation,
    Annotator,
    Article,
    Kind,
    Purpose,
    Round,
    Sentence,
    Span,
    sentence_id,
    short_id,
)
from sikap.release.data.content import Content, Inputs, Meta, renumber
from sikap.release.documents.datasheet import compose
from sikap.release.documents.datasheet_questions import IDS
from sikap.rounds.planning.plan import design_round
from sikap.rounds.planning.request import RoundInputs, RoundRequest
from sikap.rounds.planning.sample import SamplingFrame
from sikap.rounds.settle import settle
from sikap.settings import Copies
from sikap.steps.project_files import RoundFiles
from sikap.steps.releases.assemble import versions
from sikap.storage import schemas
from sikap.storage.files import encode_json, encode_lines, sha256

Values = tuple[str, ...]
STANCE = (schemas.folder() / "stance_entities.xml").read_bytes()
GUIDELINES = b"# Pedoman\n\nTandai setiap nama.\n"
SPLITS = {"banjir": "train", "kopi": "train", "pasar": "train", "ujian": "train"} | {
    "sawah": "validation",
    "jalan": "test",
}

ARTICLES: dict[str, list[tuple[Kind, str]]] = {
    "banjir": [
        ("heading", "Banjir di Kota Lama"),
        ("dateline", "JAKARTA -"),
        ("body", "Gubernur Sari mendukung proyek bendungan 🚧👩🏽\u200d🌾 itu."),
        ("body", "Warga menolak Gubernur Sari."),
        ("body", "Hujan turun."),
        ("related_link", "Baca Juga : Sungai Meluap"),
    ],
    "kopi": [
        ("body", "“Kopi Bu q\u0303ori enak,” kata Menteri Adi, tetapi Bu q\u0303ori diam."),
        ("body", "Tidak ada yang hadir."),
        ("body", "Hujan turun."),
        ("body", "Hujan turun."),
    ],
    "pasar": [("body", "Pasar Baru Kota Lama ramai."), ("body", "Adi pergi ke Kota Lama.")],
    "sawah": [("body", "Partai 🌾 Tani mengecam Menteri Adi."), ("caption", "Sawah hijau")],
    "jalan": [("body", "Jalan rusak, kata Sari."), ("body", "Adi setuju dengan Sari.")],
    "ujian": [("body", "Belum ada yang membaca ini.")],
}
ANSWERS = {
    "motivation-purpose": "Ditulis orang, 100 %.",
    "composition-instances": "Satu kalimat.\n\n- *dengan* `rentang`\n- tanpa",
    "maintenance-comments": "Tamat \\1 {} 🌾.",
}
ANSWERS |= {id_: f"Jawaban atas {id_}." for id_ in IDS if id_ not in ANSWERS}
TITLE = "Uji: sikap & nama"
DATASHEET = compose(TITLE, ANSWERS, "datasheet.toml")


class Answer(msgspec.Struct, frozen=True):
    """What one annotator says of a sentence: (surface, label, attributes) spans, and choices."""

    spans: tuple[tuple[str, str, dict[str, Values]], ...] = ()
    choices: dict[str, Values] = {}


class Played(msgspec.Struct, frozen=True, kw_only=True):
    """A round with its answers by sentence text, one for each annotator; None is a skip."""

    round_id: str
    purpose: Purpose
    annotators: dict[str, str]
    answers: Mapping[str, Sequence[Answer | None]]


class Sample(msgspec.Struct, frozen=True, kw_only=True):
    """Everything that a project has on disk, as values."""

    articles: tuple[Article, ...]
    sentences: tuple[Sentence, ...]
    rounds: tuple[RoundFiles, ...]
    config: bytes
    scheme: Scheme


def said(*spans: tuple[str, str, str], choices: dict[str, Values] | None = None) -> Answer:
    """An answer whose spans are (surface, label, "stance" or "stance holder")."""
    attributes = [dict(zip(("stance", "holder"), s.split(), strict=False)) for _, _, s in spans]
    return Answer(
        tuple(
            (surface, label, {name: (value,) for name, value in given.items()})
            for (surface, label, _), given in zip(spans, attributes, strict=True)
        ),
        choices or {},
    )


def _played() -> tuple[Played, ...]:
    """The three rounds of the stance sample."""
    dam, people, rain, coffee, nobody, market = (
        *(ARTICLES["banjir"][place][1] for place in (2, 3, 4)),
        *(ARTICLES["kopi"][place][1] for place in (0, 1)),
        ARTICLES["pasar"][0][1],
    )
    sari, quoted = ("Gubernur Sari", "PER"), ("Menteri Adi", "PER")
    topic = ("proyek bendungan 🚧👩🏽\u200d🌾", "TOPIC")
    for_dam = said((*sari, "neutral"), (*topic, "favor source"))
    against = said((*sari, "against source"))
    two_holders = said((*quoted, "favor author"), (*quoted, "against source"))
    nested = (("Pasar Baru Kota Lama", "FAC", "neutral"), ("Kota Lama", "GPE", "neutral"))
    team = {"ani": "expert", "budi": "crowd", "citra": "model"}
    calibration = Played(
        round_id="coba",
        purpose="calibration",
        annotators={"ani": "expert", "budi": "crowd"},
        answers={dam: [for_dam, said()], people: [against, against], nobody: [None, None]},
    )
    production = Played(
        round_id="utama",
        purpose="production",
        annotators=team,
        answers={
            dam: [for_dam, for_dam, said((*sari, "favor author"), (*topic, "against author"))],
            people: [against, said((*sari, "neutral")), said((*sari, "favor author"))],
            rain: [said(), said(), None],
            coffee: [two_holders, two_holders, said((*quoted, "favor author"))],
            market: [said(*nested), said(*nested), said(("Pasar", "FAC", "neutral"), nested[1])],
            "Adi pergi ke Kota Lama.": [
                said(("Adi", "PER", "neutral"), ("ota Lama", "GPE", "neutral")),
                said(("Adi", "PER", "neutral"), ("ota Lama", "GPE", "neutral")),
                said(),
            ],
            "Partai 🌾 Tani mengecam Menteri Adi.": [
                said(("Partai 🌾 Tani", "ORG", "neutral"), (*quoted, "against source")),
                said(("Partai 🌾 Tani", "ORG", "neutral"), (*quoted, "against source")),
                said((*quoted, "against source")),
            ],
            "Jalan rusak, kata Sari.": [said(("Sari", "PER", "neutral")), said(), None],
            "Adi setuju dengan Sari.": [
                said(("Adi", "PER", "neutral"), ("Sari", "PER", "favor source")),
                said(("Adi", "PER", "neutral"), ("Sari", "PER", "favor source")),
                said(("Sari", "PER", "favor source")),
            ],
        },
    )
    adjudication = Played(
        round_id="putusan",
        purpose="adjudication",
        annotators={"ani": "expert"},
        answers={market: [said(*nested)]},
    )
    return calibration, production, adjudication


def sample(
    config: bytes = STANCE,
    played: Sequence[Played] | None = None,
    span_key: tuple[str, ...] = ("holder",),
) -> Sample:
    """The stance sample, or the same articles under another config with other rounds."""
    articles = tuple(_article(name) for name in sorted(ARTICLES))
    sentences = tuple(one for article in articles for one in _sentences(article))
    plays = _played() if played is None else played
    return Sample(
        articles=articles,
        sentences=sentences,
        rounds=tuple(_round(one, n, sentences, config) for n, one in enumerate(plays, 1)),
        config=config,
        scheme=read_scheme(config, "config.xml", span_key),
    )


def content(of: Sample | None = None) -> Content:
    """A sample as the content of a release."""
    of = of or sample()
    names = renumber(tuple(files.manifest for files in of.rounds))
    manifests = tuple(_published(files.manifest, names) for files in of.rounds)
    items = [item for files in of.rounds for item in files.items]
    annotations = [
        msgspec.structs.replace(one, annotator=names[one.annotator])
        for files in of.rounds
        for one in files.annotations
    ]
    digests = {"config": sha256(of.config), "guidelines": sha256(GUIDELINES)}
    digests |= {
        f"round {files.manifest.round_id}": sha256(encode_lines(files.annotations))
        for files in of.rounds
    }
    given = Content(
        meta=META,
        inputs=Inputs(digests=digests, versions=versions()),
        scheme=of.scheme,
        config_file="config.xml",
        guidelines_file="guidelines.md",
        files={"config.xml": of.config, "guidelines.md": GUIDELINES},
        articles=of.articles,
        sentences=of.sentences,
        rounds=manifests,
        annotations=tuple(annotations),
        passes={item.item_id: item.pass_ for item in items},
        labels=tuple(settle(manifests, items, annotations, of.scheme)),
        splits=SPLITS,
        datasheet=DATASHEET,
    )
    return digested(given)


def digested(given: Content) -> Content:
    """The content with digests that fit its articles and sentences."""
    records = {"articles": given.articles, "sentences": given.sentences}
    digests = {what: sha256(encode_lines(those)) for what, those in records.items()}
    inputs = Inputs(digests=given.inputs.digests | digests, versions=given.inputs.versions)
    return msgspec.structs.replace(given, inputs=inputs)


META = Meta(
    name="uji",
    title=TITLE,
    summary='Contoh kecil. "Kutip", #pagar dan: titik dua.',
    language="id",
    licence="CC-BY-4.0",
    allowed_licences=("CC-BY-4.0", "CC0-1.0"),
    version="1.0.0",
    homepage="",
    authors=("Kelompok Uji", "Rahayu, Sri"),
    published="2026-03-18",
    uses=("Untuk mencoba.",),
    limits=("Hanya contoh.",),
    tags=("stance-detection",),
    task_ids=("named-entity-recognition",),
    text_origin="machine-generated",
    levels={},
    copies=Copies(),
)
PYPROJECT = """\
[tool.sikap]
name = "uji"
title = "Uji"
summary = "Contoh kecil."
language = "id"
licence = "CC-BY-4.0"
allowed_licences = ["CC-BY-4.0", "CC0-1.0"]
authors = ["Kelompok Uji", "Rahayu, Sri"]
published = "2026-03-18"
version = "1.0.0"
config = "schema/config.xml"
span_key = ["holder"]
open_labels = "null"
"""


def write_project(root: Path, of: Sample | None = None) -> Path:
    """Write a sample as a project that `sikap release` can build; gives back its folder."""
    of = of or sample()
    dataset = root / "dataset"
    files = {
        "pyproject.toml": PYPROJECT.encode(),
        "datasheet.toml": "".join(f"{k} = '''\n{v}\n'''\n" for k, v in ANSWERS.items()).encode(),
        "schema/config.xml": of.config,
        "schema/guidelines.md": GUIDELINES,
        "dataset/articles.jsonl": encode_lines(of.articles),
        "dataset/sentences.jsonl": encode_lines(of.sentences),
    }
    for one in of.rounds:
        folder = f"dataset/rounds/{one.manifest.round_id}"
        files[f"{folder}/round.json"] = encode_json(one.manifest)
        files[f"{folder}/items.jsonl"] = encode_lines(one.items)
        files[f"{folder}/annotations.jsonl"] = encode_lines(one.annotations)
    dataset.mkdir(parents=True)
    for name, data in files.items():
        (root / name).parent.mkdir(parents=True, exist_ok=True)
        (root / name).write_bytes(data)
    return root


def _article(name: str) -> Article:
    text = "\n".join(piece for _, piece in ARTICLES[name])
    return article(
        text,
        name,
        title=ARTICLES[name][0][1] if name == "banjir" else None,
        licence="CC0-1.0" if name == "kopi" else "cc-by-4.0",
        normalised=("newlines",) if name == "kopi" else (),
    )


def _sentences(of: Article) -> list[Sentence]:
    start, seen, sentences = 0, list[str](), []
    for index, (kind, text) in enumerate(ARTICLES[of.article_id]):
        sentences.append(
            Sentence(
                sentence_id=sentence_id(of.article_id, text, seen.count(text)),
                article_id=of.article_id,
                index=index,
                paragraph=index,
                kind=kind,
                start=start,
                end=start + len(text),
                text=text,
            )
        )
        seen.append(text)
        start += len(text) + 1
    return sentences


def _round(
    played: Played, ordinal: int, sentences: Sequence[Sentence], config: bytes
) -> RoundFiles:
    chosen: dict[str, str] = {}
    for one in sentences:
        if one.text in played.answers:
            chosen.setdefault(one.text, one.sentence_id)
    others = frozenset(s.sentence_id for s in sentences) - set(chosen.values())
    roster = tuple(
        msgspec.convert({"annotator": a, "kind": k, "qualifications": ""}, Annotator)
        for a, k in played.annotators.items()
    )
    inputs = RoundInputs(
        round_id=played.round_id,
        ordinal=ordinal,
        roster=roster,
        config=config,
        guidelines=GUIDELINES,
    )
    frame = SamplingFrame(sentences=sentences, done=others)
    manifest, items = design_round(RoundRequest(purpose=played.purpose), inputs, frame)
    annotations = [
        _annotation(item.item_id, item.sentence_id, item.text, annotator, answer, played.round_id)
        for item in items
        for annotator, answer in zip(played.annotators, played.answers[item.text], strict=True)
    ]
    submitted = sum(one.status == "submitted" for one in annotations)
    counts = msgspec.structs.replace(
        manifest.counts, submitted=submitted, skipped=len(annotations) - submitted
    )
    return RoundFiles(
        manifest=msgspec.structs.replace(manifest, state="pulled", counts=counts),
        items=tuple(items),
        annotations=tuple(annotations),
    )


def _annotation(
    item: str, sentence: str, text: str, annotator: str, answer: Answer | None, round_id: str
) -> Annotation:
    spans = [] if answer is None else [_span(text, *span) for span in answer.spans]
    return Annotation(
        annotation_id=short_id(item, annotator),
        item_id=item,
        round_id=round_id,
        sentence_id=sentence,
        annotator=annotator,
        status="skipped" if answer is None else "submitted",
        spans=tuple(spans),
        choices={} if answer is None else answer.choices,
        seconds=None if annotator == "citra" else 1.5,
    )


def _span(text: str, surface: str, label: str, attributes: dict[str, Values]) -> Span:
    start = text.index(surface)
    return Span(start=start, end=start + len(surface), label=label, attributes=attributes)


def _published(manifest: Round, names: Mapping[str, str]) -> Round:
    roster = tuple(
        msgspec.structs.replace(entry, annotator=names[entry.annotator])
        for entry in manifest.roster
    )
    return msgspec.structs.replace(manifest, roster=roster, projects=())
