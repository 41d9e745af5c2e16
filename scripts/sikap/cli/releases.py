"""Commands that make a project, and build, check, compare, sign and publish releases."""

from pathlib import Path
from typing import TYPE_CHECKING, Literal, TypedDict, Unpack

import click

from sikap.cli.output import reports

if TYPE_CHECKING:
    from sikap.project import Project
    from sikap.steps.report import Report

PATH = click.Path(path_type=Path)


@click.command()
@click.argument("place", required=False)
@click.option("--signature", type=PATH, help="Signature; default: SHA256SUMS.sig in the release.")
@click.option("--signers", type=PATH, help="File of allowed signers, as ssh-keygen reads it.")
@click.option("--identity", help="Who must have signed; default: any of the allowed signers.")
@click.option("--rebuild", is_flag=True, help="Also build it from the project's files, compare.")
@click.option(
    "--structure",
    is_flag=True,
    help="Settle no label and build no file anew: many times as fast, for very large releases.",
)
@click.pass_obj
@reports
def verify(
    start: Path,
    place: str | None,
    signature: Path | None,
    signers: Path | None,
    identity: str | None,
    rebuild: bool,
    structure: bool,
) -> "Report":
    """Recompute all that a release claims, from its bytes.

    Without PLACE it is the project's. PLACE is a folder, a dataset on the Hub (OWNER/NAME or
    OWNER/NAME@REVISION) or a URL that fsspec knows. A folder that exists wins over a dataset.
    HF_TOKEN is used for the Hub where it is set.

    Checks checksums, schemas, columns, features, ids, references, offsets and the split of every
    article; then, unless --structure says to stop there, labels (settled anew from the annotation
    rows), soft labels, views, near-copies, leakage, every figure, content hashes, the card, the
    page, the datasheet, croissant.json and CITATION.cff. With --signers who vouches for the
    checksums; with --rebuild that the files of the project that you are in give the same bytes.

    Of a release without texts, ids of sentences, digests of texts, borders of tokens, leakage, the
    view by target and whether copies of an article are in one split are claims that only the texts
    can show.

    It cannot tell who annotated, for how long, nor whether somebody recomputed everything after
    changing an annotation, a text, the guidelines or the split of an article (the ledger is in no
    release): one that was forged with care keeps every rule. Against that there is a signature by
    somebody you trust, or a content hash that was recorded elsewhere.

    Claims too are what is said of an article or a sentence beside its text (source, licence, day,
    kind), of annotators, of rounds beside what has rows, of time spent, of what was withdrawn or is
    in quarantine, the list of allowed licences, the draft mark, settings, and baselines. Bytes of
    Parquet files, with what they hold beside rows, are compared only where the release names the
    versions that are installed here; it is said where they were not.

    A table that would unpack to far more than it can hold is refused; yet what strangers made can
    ask for much memory and time. Verify it where these are limited.
    """
    from sikap.steps.releases.verify import verify_release as step

    project = project_of(start) if rebuild else None
    return step(
        place or project_of(start).release,
        signature=signature,
        signers=signers,
        identity=identity,
        project=project,
        depth="structure" if structure else "full",
    )


@click.command()
@click.argument("key", type=PATH)
@click.argument("folder", type=PATH, required=False)
@click.pass_obj
@reports
def sign(start: Path, key: Path, folder: Path | None) -> "Report":
    """Sign a release with the ssh key KEY.

    Without FOLDER it is the project's. Verifies it first, then puts SHA256SUMS.sig beside the
    checksums. KEY is a private key, or the public half of one that ssh-agent holds; ssh-keygen
    reads it, and nothing of it is kept.
    """
    from sikap.steps.releases.sign import sign_release as step

    return step(folder or project_of(start).release, key)


@click.command()
@click.argument("place")
@click.option("--release", "folder", type=PATH, help="Folder to send; default: the project's.")
@click.option("--send", is_flag=True, help="Send it; without this only show what would be sent.")
@click.option("--private", is_flag=True, help="Make a dataset that is not there yet private.")
@click.pass_obj
@reports
def publish(start: Path, place: str, folder: Path | None, send: bool, private: bool) -> "Report":
    """Send a release to a dataset on the Hub, or to a URL.

    PLACE is OWNER/NAME, or a URL that fsspec knows.

    Verifies it, compares with what is there, and shows every file as added, changed, deleted or
    same. With --send: on the Hub one commit on the head that was seen, read back by its id and
    compared, then the tag of the version; to a URL the files, and SHA256SUMS last. Whatever else a
    dataset holds is deleted in that commit. Run it again after any failure.

    The token comes from HF_TOKEN and is never shown.
    """
    from sikap.steps.releases.publish import publish_release as step

    return step(place, folder or project_of(start).release, send=send, private=private)


class ReleaseOptions(TypedDict):
    """The options of `release` that are its step's as well."""

    version: str | None
    open_labels: Literal["refuse", "null"] | None
    draft: bool
    check: bool
    replace: bool


def project_of(start: Path) -> "Project":
    """The project that the command works on."""
    from sikap.project import open_project

    return open_project(start)


@click.command()
@click.argument("folder", type=PATH)
@click.option(
    "--licence",
    default="unknown",
    show_default=True,
    metavar="SPDX",
    help="Licence that the dataset will be under, for example CC-BY-4.0.",
)
@reports
def init(folder: Path, licence: str) -> "Report":
    """Make a new dataset project in FOLDER."""
    from sikap.steps.init import init_project

    return init_project(folder, licence)


@click.command()
@click.option("--version", help="Version number; default: the one in pyproject.toml.")
@click.option(
    "--open",
    "open_labels",
    type=click.Choice(["refuse", "null"]),
    help="What to do where annotators disagree and nobody has decided.",
)
@click.option(
    "--text",
    type=click.Choice(["full", "standoff"]),
    help="Whether to ship the texts of the articles; default: as in pyproject.toml.",
)
@click.option(
    "--drop-urls/--keep-urls",
    default=None,
    help="Leave the addresses of articles out of a stand-off release, or keep them.",
)
@click.option("--draft", is_flag=True, help="Leave unsaid what people must say; not to publish.")
@click.option("--check", is_flag=True, help="Build beside it, compare bytes, write nothing.")
@click.option(
    "--replace",
    is_flag=True,
    help="The release there was never published: write over it whatever its number.",
)
@click.pass_obj
@reports
def release(
    start: Path,
    text: Literal["full", "standoff"] | None,
    drop_urls: bool | None,
    **wishes: Unpack[ReleaseOptions],
) -> "Report":
    """Build dataset/release, which load_dataset loads.

    Articles whose licence is not in allowed_licences stop it. With --text standoff no text, title
    or token is shipped, only ids, offsets, labels and digests; what is built is searched for pieces
    of the articles before it is written. Refuses a version that is too small for what changed since
    the release that is there.
    """
    from sikap.steps.releases.release import build_release as step

    return step(project_of(start).with_texts(text, drop_urls=drop_urls), **wishes)


@click.command()
@click.argument("old")
@click.argument("new")
@click.option("--changelog", is_flag=True, help="Print the changelog entry, as Markdown.")
@reports
def diff(old: str, new: str, changelog: bool) -> "Report":
    """Show what changed from release OLD to NEW.

    With the version that this calls for. PATCH: rows are the same. MINOR: every old row is there as
    it was. MAJOR: rows were edited, removed or moved between splits. Exits with 1 where NEW has too
    small a version. OLD and NEW are folders, names on the Hub or URLs, as for verify.
    """
    from sikap.steps.releases.diff import compare_releases as step

    return step(old, new, changelog=changelog)


@click.command()
@click.argument("folder", type=PATH)
@click.argument("output", type=PATH)
@reports
def conll(folder: Path, output: Path) -> "Report":
    """Write the tagged sentences of a release as CoNLL files.

    The release is in FOLDER, the files go below OUTPUT.
    """
    from sikap.steps.releases.conll import write_conll as step

    return step(folder, output)


@click.command()
@click.argument("name")
@click.option("--article", "what", flag_value="article", help="NAME is the id of an article.")
@click.option("--annotator", "what", flag_value="annotator", help="NAME is a pseudonym.")
@click.option("--reason", default="", help="Why, in a sentence; kept in dataset/withdrawn.jsonl.")
@click.pass_obj
@reports
def withdraw(
    start: Path, name: str, what: Literal["article", "annotator"] | None, reason: str
) -> "Report":
    """Leave an article, or an annotator's work, out from now on.

    A tombstone without text stays in dataset/withdrawn.jsonl. Files that still hold the text or
    the work are listed: deleting them, also from git's history, is up to you.
    """
    from sikap.steps.withdraw import withdraw as step

    return step(project_of(start), name, what=what, reason=reason)


@click.command()
@click.argument("standoff")
@click.argument("raw", type=PATH)
@click.option("--output", type=PATH, required=True, help="Folder to write the release to.")
@reports
def rehydrate(standoff: str, raw: Path, output: Path) -> "Report":
    """Put texts back into a stand-off release.

    STANDOFF is a folder, a name on the Hub or a URL, as for verify.

    RAW is the folder of your own articles: plain texts named by their ids, with metadata in .json
    files beside them. Each text is held to its published digest. Where none has changed the result
    is the full release, byte for byte; else what can still be found for sure is kept, the loss is
    told, and the exit code is 1.
    """
    from sikap.steps.releases.rehydrate import rehydrate_release

    return rehydrate_release(standoff, raw, output)


COMMANDS = (init, release, verify, diff, conll, rehydrate, withdraw, sign, publish)
