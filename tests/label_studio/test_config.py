"""The labelling config as it is written; ``test_editor`` has it as annotators see it."""

from pathlib import Path
from xml.etree import ElementTree

from sikap.labelling_config.scheme import Condition
from sikap.labelling_config.scheme_from_xml import read_scheme

FILE = Path(__file__).parents[2] / "schema" / "stance_entities.xml"
# Keys that Label Studio's editor gives a meaning of its own, without a modifier.
TAKEN = {"u", "enter", "escape", "backspace"}


def test_no_key_has_two_meanings() -> None:
    root = ElementTree.fromstring(FILE.read_bytes())
    keys = [each.get("hotkey", "") for tag in ("Label", "Choice") for each in root.iter(tag)]
    assert all(len(key) == 1 for key in keys)
    assert len(set(keys) | TAKEN) == len(keys) + len(TAKEN)


def test_it_reads_as_the_scheme_that_the_guidelines_describe() -> None:
    entities, stance, holder = read_scheme(FILE.read_bytes(), FILE.name).controls
    assert entities.values == ("PER", "ORG", "GPE", "LOC", "FAC", "EVT", "WPN", "TOPIC")
    assert (entities.name, entities.kind) == ("entities", "spans")
    assert (stance.name, stance.kind, stance.required) == ("stance", "attribute", True)
    assert stance.values == ("favor", "against", "neutral")
    assert (holder.name, holder.kind, holder.required) == ("holder", "attribute", True)
    assert holder.values == ("author", "source")
    assert holder.when == Condition("stance", ("favor", "against"))
