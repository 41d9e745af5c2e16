"""Commands on a release wherever it is: verify, sign, publish."""

from pathlib import Path
from typing import TYPE_CHECKING

import click

from sikap.cli.data import PATH, project_of
from sikap.cli.output import reports

if TYPE_CHECKING:
    from sikap.steps.report import Report


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
    from sikap.steps.verify import verify as step

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
    from sikap.steps.sign import sign as step

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
    from sikap.steps.publish import publish as step

    return step(place, folder or project_of(start).release, send=send, private=private)


COMMANDS = (verify, sign, publish)
