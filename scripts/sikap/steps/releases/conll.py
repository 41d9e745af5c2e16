"""Write the tagged sentences of a release as CoNLL files."""

from collections.abc import Iterator
from pathlib import Path

import pyarrow as pa

from sikap.errors import InputError, Problem
from sikap.release.data.conll import Tagged, to_conll
from sikap.release.files.parquet import features_of
from sikap.release.files.read import read_release
from sikap.steps.report import Report, from_here
from sikap.storage.files import write_bytes
from sikap.storage.folder import read_folder


class ConllReport(Report, frozen=True, kw_only=True):
    """Sentences written, by file; ``left_out`` counts those whose tags are open."""

    folder: str
    files: dict[str, int]
    left_out: int

    def lines(self) -> Iterator[str]:
        """Yield a line for each file."""
        for name, count in self.files.items():
            yield f"{self.folder}/{name}: {count} sentences"
        if self.left_out:
            yield f"{self.left_out} sentences left out: a span of theirs is open"


def write_conll(release: Path, output: Path) -> ConllReport:
    """Write ``CONFIG/SPLIT.conll`` below ``output`` for every tagged config of a release.

    Raises InputError where the release has no tokens.
    """
    published = read_release(read_folder(release))
    files, left_out = {}, 0
    for control in published.scheme.of_kind("spans"):
        for split, table in published.tables.get(control.name, {}).items():
            if "tokens" not in table.column_names:
                found, fix = "a stand-off release has no tokens", "run 'sikap rehydrate' first"
                raise InputError(Problem(code="no-text", file=str(release), found=found, fix=fix))
            sentences = list(_tagged(table))
            name = f"{control.name}/{split}.conll"
            write_bytes(output / name, to_conll(sentences).encode())
            files[name] = len(sentences)
            left_out += table.num_rows - len(sentences)
    if not files:
        found, fix = "it has no config of tagged sentences", "name a release with Labels"
        raise InputError(Problem(code="no-text", file=str(release), found=found, fix=fix))
    return ConllReport(folder=from_here(output), files=files, left_out=left_out)


def _tagged(table: pa.Table) -> Iterator[Tagged]:
    columns = features_of(table)
    names = columns["ner_tags"].feature.names if columns else []
    wanted = ("sentence_id", "article_id", "tokens", "token_starts", "token_ends", "ner_tags")
    for *given, tags in zip(*(table[name].to_pylist() for name in wanted), strict=True):
        if tags is not None:
            sentence, article, tokens, starts, ends = given
            yield sentence, article, tokens, starts, ends, [names[tag] for tag in tags]
