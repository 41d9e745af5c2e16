"""Read the predictions that a round is to be filled in with, and hold a round to them."""

from collections.abc import Iterable

import msgspec

from sikap.errors import InputError, Problem
from sikap.label_studio import sync
from sikap.label_studio.sync import Place
from sikap.label_studio.wire.predictions import Prediction, Predictions, read_predictions
from sikap.labelling_config.scheme import Scheme
from sikap.records import Item, Round
from sikap.storage.files import decode_lines, sha256


def prefilled(
    manifest: Round,
    data: bytes | None,
    items: Iterable[Item],
    scheme: Scheme,
    places: Iterable[Place],
    file: str,
) -> tuple[Round, Predictions | None]:
    """The manifest with the digest of the predictions in ``data``, and these, all checked.

    None stands for no predictions. Raises InputError where a line is wrong, or the round was
    pushed without or with others: then some annotators would see what others do not.
    """
    digest = sha256(data) if data is not None else None
    known = manifest.digests.predictions
    if known and digest != known:
        given = "none were named" if data is None else "these are others"
        found = f"the round was pushed with predictions, and {given}"
        raise InputError(_refused(manifest, found, "name the same file with --predictions", file))
    if data is None:
        return manifest, None
    if manifest.purpose == "adjudication":
        found = "an adjudicator decides without anything filled in"
        raise InputError(_refused(manifest, found, "push without predictions", file))
    lines = decode_lines(data, Prediction, file)
    predictions = read_predictions(lines, items, scheme, file)
    if not known and _sent(manifest, places):
        found = "tasks of the round were sent without predictions"
        fix = "push without them, or plan another round"
        raise InputError(_refused(manifest, found, fix, file))
    digests = msgspec.structs.replace(manifest.digests, predictions=digest)
    return msgspec.structs.replace(manifest, digests=digests), predictions


def _sent(manifest: Round, places: Iterable[Place]) -> bool:
    """Whether anything of the round was sent yet, read from the servers."""
    if manifest.state != "planned":
        return True
    found = (sync.find(place, manifest) for place in places)
    return any(project is not None and project.tasks != 0 for project in found)


def _refused(manifest: Round, found: str, fix: str, file: str) -> Problem:
    return Problem(code="predictions", id=manifest.round_id, file=file, found=found, fix=fix)
