"""What card, datasheet and Croissant say of how a round was laid out."""

from collections.abc import Iterator

from sikap.records import Blindness, Round

BLIND: dict[Blindness, str] = {
    "shared": "shared",
    "separated": "separated by convention",
    "isolated": "isolated",
}


def designed(manifest: Round) -> Iterator[str]:
    """Yield what must be said of a round beside overlap and blindness; of most rounds nothing."""
    design, predictions = manifest.design, manifest.digests.predictions
    parts = (
        (design.calibration, f"all of the roster judged {design.calibration} of its items"),
        (design.repeats, f"each annotator had {design.repeats} items a second time, untold"),
        (design.gold, f"the answers of {design.gold} items were known beforehand"),
    )
    said = "; ".join(sentence for count, sentence in parts if count)
    if said:
        yield f"Round {manifest.ordinal}: {said}."
    if predictions is not None:
        yield (
            f"Round {manifest.ordinal} was pre-filled: its annotators found the predictions of a "
            f"model (file {predictions[:8]}) in the editor, and kept, changed or removed them."
        )
