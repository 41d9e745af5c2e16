"""Put texts back into a stand-off release from the user's own copies of the articles."""

import contextlib
from collections import Counter
from collections.abc import Iterator, Mapping
from pathlib import Path

from sikap.articles.chunks import ReadOptions
from sikap.articles.readers.read import read
from sikap.errors import ChecksError, InputError, Problem
from sikap.records import Article
from sikap.release.data.content import Content, Full
from sikap.release.documents.required_statements import unlicensed
from sikap.release.files.build import MANIFEST, SUMS, Release, build
from sikap.release.files.manifest_claims import read_claims
from sikap.release.files.read import read_release, to_content
from sikap.release.publish.locations import read_place
from sikap.release.standoff.find_sentences import Sought
from sikap.release.standoff.restore_texts import Fate, Rehydrated, in_part, rehydrate
from sikap.release.verify.verify import verify
from sikap.sources.read import read_sources
from sikap.steps.releases.assemble import versions
from sikap.steps.report import Report, from_here
from sikap.storage.files import decode_json, sha256
from sikap.storage.folder import read_folder, write_folder

AGAIN = "find the text that was annotated, or take the release without it"


class RehydrateReport(Report, frozen=True, kw_only=True):
    """What became of the articles, and of the sentences of those that drifted, by state.

    ``exact`` says that the result is the full release byte for byte, ``same_rows`` that its rows
    are, whatever wrote them. ``unlicensed`` counts articles that may not be given on.
    """

    folder: str
    articles: dict[str, int]
    sentences: dict[str, int]
    lost_annotations: int
    exact: bool
    same_rows: bool
    unlicensed: int
    changed: bool

    def lines(self) -> Iterator[str]:
        """Yield the verdict and the loss."""
        counts = ", ".join(f"{count} {state}" for state, count in self.articles.items())
        yield f"{self.folder}: articles {counts}"
        if self.exact:
            yield "it is the full release, byte for byte"
        elif self.same_rows:
            yield "its rows are those of the full release; other versions here write other bytes"
        else:
            states = ", ".join(f"{n} {state}" for state, n in self.sentences.items()) or "all whole"
            yield f"it is marked as restored; sentences of changed or missing articles: {states}"
            yield f"{self.lost_annotations} annotations are lost with sentences"
        if self.unlicensed:
            yield f"{self.unlicensed} articles are under no licence on the release's list: keep it"
            yield "to yourself; verify and publish refuse it for that reason"

    @property
    def failed(self) -> bool:
        """Anything but the full release needs somebody to look at it."""
        return not self.same_rows


def rehydrate_release(standoff: str | Path, raw: Path, output: Path) -> RehydrateReport:
    """Write the full release to ``output``, or what can be restored of it for sure.

    ``raw`` is a folder like dataset/raw: plain texts named by their ids, with metadata beside.
    Raises InputError where the release is not a stand-off one or ``output`` is something else,
    ChecksError where it does not verify.
    """
    content, full, sums = _read(str(standoff))
    copies, unread = _copies(raw, content)
    if not copies:
        found = f"it holds no copy of any of the {len(content.articles)} articles"
        fix = "name each text by its article_id, with .txt"
        nothing = Problem(code="release-empty", file=str(raw), found=found, fix=fix)
        raise InputError([*unread, nothing])
    done = rehydrate(content, copies)
    built, exact, same_rows = _build(done, full, sums)
    broken = () if exact else (p for p in verify(built, versions()) if p.code != "licence")
    problems = (*unread, *_losses(done, same_rows=same_rows), *broken)
    _check_output(output, built, sums)
    changed = write_folder(output, built)
    return RehydrateReport(
        folder=from_here(output),
        articles=_counts(fate.state for fate in done.fates),
        sentences=_counts(one.state for fate in done.fates for one in fate.sought),
        lost_annotations=sum(fate.annotations for fate in done.fates),
        exact=exact,
        same_rows=same_rows,
        unlicensed=len(list(unlicensed(done.content.articles, content.meta.allowed_licences))),
        changed=changed,
        problems=problems,
    )


def _read(place: str) -> tuple[Content, Full, str]:
    """A stand-off release that keeps every rule, what it says of the full one, its sums' digest."""
    files = read_place(place).files
    problems = verify(files, versions())
    if problems:
        raise ChecksError(problems)
    published = read_release(files)
    full = published.release.full
    if full is None:
        found = "it holds its texts already"
        fix = "name a release that was cut with --text standoff"
        raise InputError(Problem(code="release-form", file=place, found=found, fix=fix))
    return to_content(published), full, sha256(files[SUMS])


def _build(done: Rehydrated, full: Full, sums: str) -> tuple[dict[str, bytes], bool, bool]:
    """The files, whether they are those of the full release, and whether their rows are."""
    if all(fate.state == "whole" for fate in done.fates):
        built = build(done.content)
        if sha256(built[SUMS]) == full.sums:
            return built, True, True
        manifest = decode_json(built[MANIFEST], Release, MANIFEST)
        other = manifest.inputs.versions != versions()
        if other and manifest.content_hashes == full.content_hashes:
            return built, False, True
    return build(in_part(done, sums)), False, False


def _copies(raw: Path, content: Content) -> tuple[dict[str, Article], list[Problem]]:
    """The user's copies by article id, and what is wrong with those that cannot be read."""
    wanted = {article.article_id for article in content.articles}
    options = ReadOptions(language=content.meta.language)
    copies, problems = {}, list[Problem]()
    for piece in read_sources([str(raw)], raw, str):
        if isinstance(piece, Problem):
            found: list[Article | Problem] = [piece]
        elif piece.format in {"text", "html"} and piece.article_id not in wanted:
            continue
        else:
            found = list(read(piece, options))
        for one in found:
            if isinstance(one, Article) and one.article_id in wanted:
                copies[one.article_id] = one
            elif isinstance(one, Problem) and one.id in wanted:
                problems.append(one)
    return copies, problems


def _check_output(output: Path, built: Mapping[str, bytes], sums: str) -> None:
    """Raise InputError where something else would be written over.

    What an earlier run put there may be: the same files, or a part of the same release.
    """
    if not output.exists() or (output.is_dir() and not any(output.iterdir())):
        return
    with contextlib.suppress(InputError):
        there = read_folder(output) if output.is_dir() else {}
        if there == built:
            return
        claims = read_claims(there.get(MANIFEST, b""))
        if claims is not None and (claims.restored or {}).get("sums") == sums:
            return
    found, fix = "something else is there already", "name a folder that does not exist yet"
    raise InputError(Problem(code="file-exists", file=str(output), found=found, fix=fix))


def _losses(done: Rehydrated, *, same_rows: bool) -> Iterator[Problem]:
    """Yield what is not as it was: an article, a sentence, or what no text shows."""
    for fate in done.fates:
        yield from _loss(fate)
    if not same_rows and all(fate.state == "whole" for fate in done.fates):
        found = "every text is as it was, but it is not the full release that was named: "
        found += "titles, or addresses that were left out, are not as they were"
        fix = "give them in the .json file beside each text"
        yield Problem(code="not-reproduced", file="data/articles", found=found, fix=fix)


def _loss(fate: Fate) -> Iterator[Problem]:
    if fate.state == "missing":
        found = f"there is no copy of it; {fate.annotations} annotations are lost"
        fix = f"put it there as {fate.article_id}.txt"
        yield Problem(code="text-missing", id=fate.article_id, found=found, fix=fix)
        return
    if fate.state == "drifted":
        states = Counter(one.state for one in fate.sought)
        counts = ", ".join(f"{count} {state}" for state, count in sorted(states.items()))
        found = f"its text is another one; sentences {counts}; "
        found += f"{fate.annotations} annotations are lost"
        yield Problem(code="text-drifted", id=fate.article_id, found=found, fix=AGAIN)
    for one in fate.sought:
        if one.state != "kept":
            yield _unkept(fate.article_id, one)


def _unkept(article: str, one: Sought) -> Problem:
    id_ = f"{article}/{one.sentence_id}"
    if one.state == "lost":
        found = "its text is nowhere in the article; its annotations are lost"
        return Problem(code="sentence-lost", id=id_, found=found, fix=AGAIN)
    where = ", ".join(map(str, one.starts))
    if one.state == "ambiguous":
        found = f"its text begins at {where}, which is not as often as before; "
        found += "its annotations are lost"
        return Problem(code="sentence-ambiguous", id=id_, found=found, fix=AGAIN)
    sides = {"before": one.before, "after": one.after}
    others = " and ".join(side for side, same in sides.items() if not same)
    found = f"its text begins at {where}, with another neighbour {others}; it is kept"
    return Problem(code="sentence-moved", id=id_, found=found, fix="see that it still means this")


def _counts(states: "Iterator[str]") -> dict[str, int]:
    return dict(sorted(Counter(states).items()))
