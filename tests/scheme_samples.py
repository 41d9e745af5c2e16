"""Samples of releases under every kind of labelling config."""

from samples import ARTICLES, Answer, Played, Sample, sample

FIRST, SECOND = (ARTICLES["banjir"][place][1] for place in (2, 3))
THIRD = ARTICLES["sawah"][0][1]


def view(controls: str) -> bytes:
    return f'<View><Text name="text" value="$text"/>{controls}</View>'.encode()


def choices(name: str, values: str, more: str = "") -> str:
    inside = "".join(f'<Choice value="{value}"/>' for value in values.split())
    return f'<Choices name="{name}" toName="text" {more}>{inside}</Choices>'


LABELS = '<Labels name="names" toName="text"><Label value="no"/><Label value="on"/></Labels>'
HANGING = 'visibleWhen="choice-selected" whenTagName="topic" whenChoiceValue="no"'
MULTIPLE = 'choice="multiple"'


def other(config: bytes, *answers: Answer | None) -> Sample:
    """Three sentences, judged by one and the same annotators, under another config."""
    rounds = Played(
        round_id="satu",
        purpose="production",
        annotators={"ani": "expert", "budi": "rule"},
        answers=dict.fromkeys((FIRST, SECOND, THIRD), answers),
    )
    return sample(config, [rounds], span_key=())


def marked(attributes: dict[str, tuple[str, ...]], label: str = "no") -> Answer:
    return Answer((("me", label, attributes),))


SAMPLES = {
    "stance": sample(),
    "before the first round": sample(played=[]),
    "Choices only": other(
        view(choices("topic", "yes no off")),
        Answer(choices={"topic": ("no",)}),
        Answer(choices={"topic": ("no",)}),
    ),
    "Choices that stay open": other(
        view(choices("topic", "yes no off")),
        Answer(choices={"topic": ("no",)}),
        Answer(choices={"topic": ("yes",)}),
    ),
    "several Choices of a sentence": other(
        view(choices("topics", "yes no off", MULTIPLE) + choices("tone", "1 2")),
        Answer(choices={"topics": ("off", "yes"), "tone": ("1",)}),
        Answer(choices={"topics": ("yes", "off"), "tone": ("2",)}),
    ),
    "a Choice that hangs on another": other(
        view(choices("topic", "yes no off") + choices("why", "a b", HANGING)),
        Answer(choices={"topic": ("no",), "why": ("b",)}),
        Answer(choices={"topic": ("no",), "why": ("b",)}),
    ),
    "Labels only": other(view(LABELS), marked({}), marked({})),
    "several Choices of a region": other(
        view(LABELS + choices("why", "yes no off", f'{MULTIPLE} perRegion="true"')),
        marked({"why": ("off", "no")}),
        marked({"why": ("no", "off")}),
    ),
    "everybody skipped": other(view(LABELS), None, None),
}
