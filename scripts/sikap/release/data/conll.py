"""Tagged sentences in the columns of CoNLL-2003, which taggers and their scorers read.

A token a line: token, start, end, tag, with tabs between; a blank line ends a sentence. Offsets are
code points in the sentence, ``[start, end)``. Lines that begin with ``# `` name the sentence; no
token line does, for a tab follows each token.
"""

from collections.abc import Iterable, Sequence

Tagged = tuple[str, str, Sequence[str], Sequence[int], Sequence[int], Sequence[str]]
"""Ids of sentence and article, then tokens, their starts, their ends and their tags."""


def to_conll(sentences: Iterable[Tagged]) -> str:
    """Tagged sentences as text."""
    parts = []
    for sentence_id, article_id, *columns in sentences:
        parts.append(f"# sentence_id = {sentence_id}\n# article_id = {article_id}\n")
        parts += [
            f"{token}\t{start}\t{end}\t{tag}\n"
            for token, start, end, tag in zip(*columns, strict=True)
        ]
        parts.append("\n")
    return "".join(parts)
