"""Where a release comes from, in terms of W3C PROV: its sources, and who did what to them.

It also has the sentences on the design of a round, which the datasheet repeats.
"""

from collections.abc import Callable, Iterator
from typing import Any

from sikap.records import Annotator, Blindness, Round
from sikap.release.data.content import Content
from sikap.release.data.statistics import Facts

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


Node = dict[str, Any]
Answer = Callable[[str], str]
AGENTS = {
    "expert": "prov:Person",
    "crowd": "prov:Person",
    "model": "prov:SoftwareAgent",
    "rule": "prov:SoftwareAgent",
}
ORIGINS = {
    "found": "texts that others published",
    "expert-generated": "texts that experts wrote for it",
    "crowdsourced": "texts that many people wrote for it",
    "machine-generated": "texts that a machine wrote",
}


def derived_from(content: Content, facts: Facts, answer: Answer) -> Node:
    """The raw articles, as far as they are known; ``answer`` gives the text to a question."""
    outlets = {article.outlet for article in content.articles if article.outlet}
    origin = ORIGINS[content.meta.text_origin]
    named = f", by the names of {len(outlets)} outlets" if outlets else ""
    return {
        "@type": "prov:Entity",
        "prov:label": f"Raw articles: {origin}",
        "description": f"{facts.articles} articles{named}. {answer('collection-acquisition')}",
    }


def generated_by(content: Content, facts: Facts, answer: Answer) -> Iterator[Node]:
    """Yield the collection, the preparation, each round of annotation, and the settling."""
    tool = {
        "@type": "prov:SoftwareAgent",
        "prov:label": f"sikap {content.inputs.versions.get('sikap', '')}".strip(),
    }
    procedure = answer("collection-procedure")
    yield _activity("Collection", "Collection of the articles", procedure, [])
    cut = f"{facts.articles} articles were frozen and cut into {facts.sentences} sentences."
    yield _activity("Preprocessing", "Segmentation", cut, [tool])
    for manifest in content.rounds:
        agents = [_agent(entry) for entry in manifest.roster]
        label = f"Annotation round {manifest.ordinal}: {manifest.purpose}"
        yield _activity("Annotation", label, _round(manifest), agents)
    if content.rounds:
        text = f"{facts.labelled} sentences have labels; {facts.open} decisions are open."
        yield _activity("Postprocessing", "Settling of the labels", text, [tool])


def _activity(type_: str, label: str, text: str, agents: list[Node]) -> Node:
    node = {"@type": "prov:Activity", "prov:type": type_, "prov:label": label, "description": text}
    return node | ({"prov:wasAssociatedWith": agents} if agents else {})


def _agent(entry: Annotator) -> Node:
    said = {"description": entry.qualifications} if entry.qualifications else {}
    label = f"{entry.annotator} ({entry.kind})"
    return {"@type": AGENTS[entry.kind], "prov:label": label, **said}


def _round(manifest: Round) -> str:
    counts, design = manifest.counts, manifest.design
    beside = "".join(f" {sentence}" for sentence in designed(manifest))
    return (
        f"{counts.items} items; annotators of each: {design.overlap}; annotations submitted: "
        f"{counts.submitted}, skipped: {counts.skipped}; blindness: {BLIND[design.blindness]}; "
        f"guidelines: {manifest.digests.guidelines[:8]}.{beside}"
    )
