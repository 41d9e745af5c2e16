import pytest

from builders import codes, shipped_scheme
from configs import NER_AND_SENTIMENT, REGION, TEXT, choices, labels, read
from sikap.errors import InputError
from sikap.labelling_config.scheme import Condition
from sikap.labelling_config.scheme_from_xml import read_scheme, same_config


def refused(xml: str | bytes, span_key: tuple[str, ...] = ()) -> list[str]:
    with pytest.raises(InputError) as raised:
        read_scheme(xml.encode() if isinstance(xml, str) else xml, "config.xml", span_key)
    assert {problem.file for problem in raised.value.problems} == {"config.xml"}
    return codes(raised.value.problems)


def test_the_shipped_config_has_the_controls_of_the_design() -> None:
    scheme = shipped_scheme()
    assert [(c.name, c.kind, c.values, c.required, c.multiple) for c in scheme.controls] == [
        (
            "entities",
            "spans",
            ("PER", "ORG", "GPE", "LOC", "FAC", "EVT", "WPN", "TOPIC"),
            False,
            False,
        ),
        ("stance", "attribute", ("favor", "against", "neutral"), True, False),
        ("holder", "attribute", ("author", "source"), True, False),
    ]
    assert scheme.controls[2].when == Condition("stance", ("favor", "against"))
    assert (scheme.text_name, scheme.text_variable) == ("text", "text")


def test_a_template_of_label_studio_is_read_untouched() -> None:
    scheme = read_scheme(NER_AND_SENTIMENT.encode(), "config.xml")
    assert [(c.name, c.kind, c.values, c.multiple) for c in scheme.controls] == [
        ("label", "spans", ("PER", "org"), False),
        ("sentiment", "choice", ("Positive", "Negative"), True),
    ]
    assert scheme.labels == ("PER", "org")


@pytest.mark.parametrize(("part", "kind"), [(labels(), "spans"), (choices(), "choice")])
def test_one_control_is_enough(part: str, kind: str) -> None:
    assert [control.kind for control in read(part, TEXT).controls] == [kind]


def test_the_key_of_the_text_is_read_from_the_config() -> None:
    scheme = read(labels(), '<Text name="text" value="$kalimat"/>')
    assert (scheme.text_name, scheme.text_variable) == ("text", "kalimat")


def test_text_areas_are_notes_and_no_controls() -> None:
    areas = (
        '<TextArea name="why" toName="text" perRegion="true"/><TextArea name="a b" toName="text"/>'
    )
    scheme = read(labels(), areas, TEXT)
    assert scheme.notes == ("why", "a b")
    assert [control.name for control in scheme.controls] == ["label"]


@pytest.mark.parametrize(
    "hostile",
    [
        '<!DOCTYPE x [<!ENTITY a "aaa"><!ENTITY b "&a;&a;&a;">]><View>&b;</View>',
        '<!DOCTYPE x [<!ENTITY a SYSTEM "file:///etc/hostname">]><View>&a;</View>',
        '<!DOCTYPE x SYSTEM "http://localhost/x.dtd"><View/>',
        "<!DOCTYPE x><View/>",
        "<View>&nbsp;</View>",
        "<View>",
        "",
        b"\xff\xfe\x00",
        b'<?xml version="1.0" encoding="no-such"?><View/>',
        '<View><Labels name="a" name="b"/></View>',
    ],
)
def test_xml_that_cannot_be_read_safely_is_refused(hostile: str | bytes) -> None:
    assert refused(hostile) == ["scheme-xml"]


@pytest.mark.parametrize(
    "parts",
    [
        (TEXT,),
        (labels(values=()), TEXT),
        (labels(values=("A", "")), TEXT),
        (labels(name=""), TEXT),
        (choices(more=REGION), TEXT),
        (labels(),),
        (labels(), '<HyperText name="text" value="$text"/>'),
        (labels(), '<Text name="text" value="always the same"/>'),
        (labels(), '<Text name="text" value="$"/>'),
        (labels(), '<Text name="text" value="$item_id"/>'),
        (labels(), '<Text name="text" value="$before"/>'),
        (labels(), '<TextArea toName="text"/>', TEXT),
        ('<TextArea name="note" toName="text"/>', TEXT),
        (labels(), '<Taxonomy name="tree" toName="text"><Choice value="a"/></Taxonomy>', TEXT),
    ],
)
def test_controls_that_cannot_be_used_are_refused(parts: tuple[str, ...]) -> None:
    assert refused(f"<View>{''.join(parts)}</View>") == ["scheme-controls"]


@pytest.mark.parametrize(
    "parts",
    [
        (labels("same"), choices("same")),
        (labels(values=("A", "A")), ""),
        (labels("one"), labels("two")),
        (choices("same"), '<TextArea name="same" toName="text"/>'),
        (
            '<TextArea name="note" toName="text"/>',
            choices(more='visibleWhen="choice-selected" whenTagName="note"'),
        ),
        (choices(values=("x", "x")), ""),
        (choices("labelled"), ""),
        (labels(), choices("target", more=REGION)),
        (labels("sentences"), ""),
        (choices("no name"), ""),
        (choices("tone"), choices("tone_provenance")),
        (choices(more='visibleWhen="choice-selected" whenTagName="lost"'), ""),
        (
            labels(),
            choices("stance", more=REGION),
            choices("whole", more='visibleWhen="choice-selected" whenTagName="stance"'),
        ),
    ],
)
def test_names_that_clash_are_refused(parts: tuple[str, ...]) -> None:
    assert set(refused(f"<View>{''.join(parts)}{TEXT}</View>")) == {"scheme-names"}


@pytest.mark.parametrize(
    "config",
    [
        f"<View>{choices('sikap_reason')}{TEXT}</View>",
        f'<View>{choices()}{TEXT}<HyperText name="sikap_versions" value="$more"/></View>',
        f'<View>{choices()}{TEXT}<Text name="more" value="$sikap_versions"/></View>',
    ],
)
def test_names_that_sikap_adds_itself_are_refused(config: str) -> None:
    assert refused(config) == ["scheme-names"]


def test_a_label_may_be_called_like_what_sikap_adds() -> None:
    config = f"<View>{labels(values=('sikap_x',))}{TEXT}</View>"
    assert read_scheme(config.encode(), "config.xml").labels == ("sikap_x",)


def test_a_span_key_must_be_a_per_region_choice() -> None:
    xml = f"<View>{labels()}{choices()}{TEXT}</View>"
    assert refused(xml, ("tone", "label", "lost")) == ["scheme-names"] * 3


def test_all_problems_are_named_at_once() -> None:
    broken = (
        labels("sentences", ("A", "A")),
        choices("kind"),
        choices("tone"),
        choices("tone"),
    )
    with pytest.raises(InputError) as raised:
        read(*broken, TEXT, span_key=("holder",))
    found = " ".join(problem.found for problem in raised.value.problems)
    for part in ("'tone' names two", "'sentences' is", "'kind' is", "'A' is there twice", "holder"):
        assert part in found

    two_texts = choices().replace('toName="text"', 'toName="other"')
    assert refused(f"<View>{labels(values=())}{two_texts}{TEXT}</View>") == ["scheme-controls"] * 3


@pytest.mark.parametrize(
    ("other", "same"),
    [
        (NER_AND_SENTIMENT.replace("\n", "").replace("  ", " "), True),
        (
            NER_AND_SENTIMENT.replace('name="label" toName="text"', "toName='text' name='label'"),
            True,
        ),
        (NER_AND_SENTIMENT.replace("<!-- the usual template -->", ""), True),
        (NER_AND_SENTIMENT.replace("Positive", "positive"), False),
        (NER_AND_SENTIMENT.replace('<Label value="PER"/>', ""), False),
        ("<View>", False),
        ("", False),
    ],
)
def test_configs_are_compared_as_xml(other: str, same: bool) -> None:
    assert same_config(NER_AND_SENTIMENT, other) is same
