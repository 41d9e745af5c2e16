"""Everything that a release is made of, as values: what is built from is what verify reads back."""

from typing import Literal

import msgspec

from sikap.labelling_config.scheme import Scheme
from sikap.records import Annotation, Article, Extent, Gone, Label, Level, Record, Round, Sentence
from sikap.release.data.baselines import Baselines
from sikap.release.data.leakage import Leakage
from sikap.release.data.splits import Quarantined
from sikap.settings import Copies

Text = Literal["full", "standoff"]
SHARD_BYTES = 500_000_000
"""Above which size of its rows in canonical form a split is cut, unless told otherwise."""


class Meta(Record, frozen=True, kw_only=True):
    """What people say of the dataset; copied from the settings of the project.

    ``published`` is the day on which this version is published, as 2026-03-18, or nothing; authors
    have the form that `citation` reads. ``levels`` says how far apart values of a control are
    where `rounds.measurement_levels` should not choose; figures of agreement hang on it.
    ``copies`` says how much two articles must share to be in one split.
    """

    name: str
    title: str
    summary: str
    language: str
    licence: str
    allowed_licences: tuple[str, ...]
    version: str
    homepage: str
    authors: tuple[str, ...]
    published: str
    uses: tuple[str, ...]
    limits: tuple[str, ...]
    tags: tuple[str, ...]
    task_ids: tuple[str, ...]
    text_origin: Literal["found", "machine-generated", "expert-generated", "crowdsourced"]
    levels: dict[str, Level]
    copies: Copies


class Inputs(Record, frozen=True, kw_only=True):
    """Digests of what the release was built from, and the versions that decide its bytes."""

    digests: dict[str, str]
    versions: dict[str, str]


class Full(Record, frozen=True, kw_only=True):
    """What proves that texts were put back rightly: the full release that a stand-off one is of.

    ``content_hashes`` are those of its configs, ``sums`` is the SHA-256 of its SHA256SUMS.
    """

    content_hashes: dict[str, str]
    sums: str


class Restored(Record, frozen=True, kw_only=True):
    """What is missing in a release that was restored from a stand-off one, as counts.

    ``sums`` is the SHA-256 of the SHA256SUMS of the stand-off release. ``missing`` and ``drifted``
    count articles that were not there, or had another text; ``moved`` sentences that were found
    elsewhere, ``lost`` those that were not found for sure, ``annotations`` those lost with them.
    """

    sums: str
    missing: int
    drifted: int
    moved: int
    lost: int
    annotations: int


class Content(msgspec.Struct, frozen=True, kw_only=True):
    """The content of a release.

    Articles are in the order of their ids, sentences of (article_id, index). ``passes`` maps an
    item to its pass, ``splits`` an article to its split; pseudonyms are already those of the
    release. ``files`` holds the files of schema/ that belong to the project, by name.
    ``baselines`` are claims, kept only where they are of these rows; a ``draft`` may leave open
    what people must say. ``quarantined`` are articles that are left out; what they are copies of
    is here.

    Where ``text`` is ``standoff`` texts, titles and sources that were dropped are empty. Then
    ``full`` says what they would give, ``tokens`` has the borders of tokens by labelled sentence,
    ``unseen`` the mentions (sentence, start, end) that train has nowhere, and ``leakage`` what
    was counted in the texts.
    """

    meta: Meta
    inputs: Inputs
    scheme: Scheme
    config_file: str
    guidelines_file: str
    files: dict[str, bytes]
    articles: tuple[Article, ...]
    sentences: tuple[Sentence, ...]
    rounds: tuple[Round, ...]
    annotations: tuple[Annotation, ...]
    passes: dict[str, int]
    labels: tuple[Label, ...]
    splits: dict[str, str]
    datasheet: str
    withdrawn: tuple[Gone, ...] = ()
    baselines: Baselines | None = None
    shard_bytes: int = SHARD_BYTES
    text: Text = "full"
    full: Full | None = None
    restored: Restored | None = None
    tokens: dict[str, tuple[Extent, ...]] = {}
    unseen: frozenset[tuple[str, int, int]] = frozenset()
    leakage: tuple[Leakage, ...] = ()
    draft: bool = False
    quarantined: tuple[Quarantined, ...] = ()


def renumber(rounds: tuple[Round, ...]) -> dict[str, str]:
    """New pseudonyms a1, a2, … in the order in which rosters first name the old ones.

    A release must not carry over names under which somebody is known in a team.
    """
    names = [entry.annotator for manifest in rounds for entry in manifest.roster]
    return {name: f"a{number}" for number, name in enumerate(dict.fromkeys(names), 1)}
