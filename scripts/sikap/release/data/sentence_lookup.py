"""What was said and settled of each sentence, looked up by its id while tables are made."""

from collections import Counter, defaultdict
from collections.abc import Iterable

from sikap.labelling_config.scheme import Control
from sikap.records import Annotation, Sentence, SettledSpan, Span
from sikap.release.data.content import Content
from sikap.release.data.views import UNSEEN, views_of
from sikap.rounds.settle import rank
from sikap.text.tokens import Tokens, tokenize


class Judgements:
    """Labels and annotations of a content by sentence, and how annotators voted on what is settled.

    ``annotations`` of a sentence are in the order of round, pass and annotator. A vote is what one
    annotator said on the first pass, in production before calibration and later before earlier;
    adjudicators have none. So votes are the distribution over annotators, whatever was settled.
    """

    def __init__(self, content: Content) -> None:
        self.scheme = content.scheme
        self.views = views_of(content)
        self.passes = content.passes
        self._content = content
        self.labels = {label.sentence_id: label for label in content.labels}
        self.ordinals = {manifest.round_id: manifest.ordinal for manifest in content.rounds}
        self.kinds = {
            (manifest.round_id, entry.annotator): entry.kind
            for manifest in content.rounds
            for entry in manifest.roster
        }
        self.annotations = self._by_sentence(content.annotations)
        self._ranks = {
            manifest.round_id: rank(manifest)
            for manifest in content.rounds
            if manifest.purpose != "adjudication"
        }

    def tokens(self, sentence: Sentence) -> Tokens:
        """The tokens of a labelled sentence."""
        if self._content.text == "standoff":
            extents = self._content.tokens[sentence.sentence_id]
            starts, ends = ([extent[side] for extent in extents] for side in (0, 1))
            return Tokens(texts=[""] * len(extents), starts=starts, ends=ends)
        return tokenize(sentence.text)

    def views_of(self, sentence: Sentence, span: SettledSpan) -> list[str]:
        """The views of a settled mention."""
        if self._content.text == "full":
            return self.views.of(sentence.article_id, sentence.text[span.start : span.end])
        unseen = (sentence.sentence_id, span.start, span.end) in self._content.unseen
        return [*self.views.of(sentence.article_id), *([UNSEEN] if unseen else [])]

    def span_votes(self, sentence_id: str, span: SettledSpan, control: Control) -> list[int]:
        """How many annotators gave a mention each value of an attribute, in the config's order.

        An annotator who marked the mention for several holders has a vote on each of these.
        """
        mention, several = _mention(span), self._several(sentence_id, span)
        counts = dict.fromkeys(control.values, 0)
        for said in self._votes(sentence_id):
            marked = [one for one in said.spans if _mention(one) == mention]
            if len(marked) > 1 or several:
                marked = [one for one in marked if self.scheme.key(one)[3:] == self._key(span)]
            for one in marked:
                for value in one.attributes.get(control.name, ()):
                    counts[value] = counts.get(value, 0) + 1
        return [counts[value] for value in control.values]

    def choice_votes(self, sentence_id: str, control: Control) -> list[int]:
        """How many annotators gave a sentence each value of a choice, in the config's order."""
        counts: Counter[str] = Counter()
        for said in self._votes(sentence_id):
            counts.update(said.choices.get(control.name, ()))
        return [counts[value] for value in control.values]

    def _key(self, span: SettledSpan) -> tuple[object, ...]:
        """The key attributes of a settled span, as `Scheme.key` ends with those of a marked one."""
        choices = (span.attributes.get(name) for name in self.scheme.span_key)
        return tuple(choice.values if choice else () for choice in choices)

    def _several(self, sentence_id: str, span: SettledSpan) -> bool:
        """Whether the mention was settled for several holders."""
        spans = self.labels[sentence_id].spans
        return len(spans) > 1 and sum(_mention(one) == _mention(span) for one in spans) > 1

    def _votes(self, sentence_id: str) -> Iterable[Annotation]:
        votes = [
            said
            for said in self.annotations[sentence_id]
            if said.status == "submitted"
            and said.round_id in self._ranks
            and self.passes[said.item_id] == 1
        ]
        if len(self._ranks) > 1:
            votes.sort(key=lambda said: self._ranks[said.round_id])
        return {said.annotator: said for said in votes}.values()

    def _by_sentence(self, annotations: Iterable[Annotation]) -> dict[str, list[Annotation]]:
        by_sentence: defaultdict[str, list[Annotation]] = defaultdict(list)
        for said in annotations:
            by_sentence[said.sentence_id].append(said)
        for those in by_sentence.values():
            if len(those) > 1:
                those.sort(key=self._place)
        return by_sentence

    def _place(self, said: Annotation) -> tuple[int, int, str]:
        return self.ordinals[said.round_id], self.passes[said.item_id], said.annotator


def _mention(span: Span | SettledSpan) -> tuple[int, int, str]:
    return span.start, span.end, span.label
