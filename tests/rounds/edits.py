"""Random edits of articles that remember where every character comes from.

So a test knows which sentence is which without asking what it tests: a sentence is the old one
where each of its characters is the old one's. What is copied or typed comes from nowhere.
"""

from collections.abc import Callable, Sequence
from itertools import groupby
from random import Random

from sikap.records import Sentence

Rope = list[tuple[str, int | None]]
"""The characters of a text, each with its place in the text of old, if it has one."""
Edit = Callable[[Random, Rope, Sequence[Sentence]], Rope]


def rope_of(text: str) -> Rope:
    """A text that nobody has edited."""
    return [(character, place) for place, character in enumerate(text)]


def text_of(rope: Rope) -> str:
    """The characters alone."""
    return "".join(character for character, _ in rope)


def typed(text: str) -> Rope:
    """Characters that come from nowhere."""
    return [(character, None) for character in text]


def unit(rope: Rope, first: Sentence, last: Sentence) -> tuple[int, int]:
    """From the start of one sentence to that of what follows another."""
    end = last.end
    while end < len(rope) and rope[end][0].isspace():
        end += 1
    return first.start, end


def delete(random: Random, rope: Rope, body: Sequence[Sentence]) -> Rope:
    """Take one sentence out."""
    one = random.choice(body)
    start, end = unit(rope, one, one)
    return rope[:start] + rope[end:]


def insert(random: Random, rope: Rope, body: Sequence[Sentence]) -> Rope:
    """Type a new sentence after one."""
    at = random.choice(body).end
    new = f" Keterangan tambahan nomor {random.randrange(1000)} disampaikan panitia."
    return rope[:at] + typed(new) + rope[at:]


def duplicate(random: Random, rope: Rope, body: Sequence[Sentence]) -> Rope:
    """Copy a sentence right behind itself."""
    one = random.choice(body)
    return rope[: one.end] + typed(f" {one.text}") + rope[one.end :]


def copy_elsewhere(random: Random, rope: Rope, body: Sequence[Sentence]) -> Rope:
    """Copy a sentence between others, most often before itself, where it takes its id."""
    place = random.randrange(len(body))
    at = random.randrange(place) if place and random.random() < 0.7 else random.randrange(len(body))
    end = body[at].end
    return rope[:end] + typed(f" {body[place].text}") + rope[end:]


def delete_first_of_equals(random: Random, rope: Rope, body: Sequence[Sentence]) -> Rope:
    """Take the first of two equal sentences out, so that the second gets its id."""
    texts = [one.text for one in body]
    first = [p for p, text in enumerate(texts) if text in texts[p + 1 :] and texts.index(text) == p]
    if not first:
        return rope
    one = body[random.choice(first)]
    start, end = unit(rope, one, one)
    return rope[:start] + rope[end:]


def swap(random: Random, rope: Rope, body: Sequence[Sentence]) -> Rope:
    """Let two sentences change places."""
    if len(body) < 2:
        return rope
    one, other = sorted(random.sample(range(len(body)), 2))
    a, b = body[one], body[other]
    return [
        *rope[: a.start],
        *rope[b.start : b.end],
        *rope[a.end : b.start],
        *rope[a.start : a.end],
        *rope[b.end :],
    ]


def merge(random: Random, rope: Rope, body: Sequence[Sentence]) -> Rope:
    """Take the full stop of a sentence away, and the capital behind it."""
    one = random.choice(body)
    end = one.end
    while end > one.start and not rope[end - 1][0].isalnum():
        end -= 1
    rest = rope[one.end :]
    at = next((n for n, (character, _) in enumerate(rest) if not character.isspace()), None)
    if at is not None and at < 3:
        rest = [*typed(" "), (rest[at][0].lower(), None), *rest[at + 1 :]]
    return rope[:end] + typed(",") + rest


def split(random: Random, rope: Rope, body: Sequence[Sentence]) -> Rope:
    """Put a full stop into a sentence, and a capital behind it."""
    one = random.choice(body)
    spaces = [n for n in range(one.start + 1, one.end - 1) if rope[n][0] == " "]
    if not spaces:
        return rope
    at = random.choice(spaces)
    capital = rope[at + 1][0].upper()
    return rope[:at] + typed(f". {capital[:1]}") + rope[at + 2 :]


def reword(random: Random, rope: Rope, body: Sequence[Sentence]) -> Rope:
    """Put another word in the place of one."""
    one = random.choice(body)
    places = [n for n in range(one.start, one.end) if rope[n][0].isalnum()]
    start = end = random.choice(places)
    while start > one.start and rope[start - 1][0].isalnum():
        start -= 1
    while end < one.end and rope[end][0].isalnum():
        end += 1
    return rope[:start] + typed(f"ubahan{random.randrange(100)}") + rope[end:]


def other_space(random: Random, rope: Rope, body: Sequence[Sentence]) -> Rope:
    """Put other white space in the place of a space, of the same length or not."""
    one = random.choice(body)
    spaces = [n for n in range(one.start, one.end) if rope[n][0] == " "]
    if not spaces:
        return rope
    at = random.choice(spaces)
    new = random.choice(["\u00a0", "\n", "\t", "  ", "\n\n"])
    put = [(new, rope[at][1])] if len(new) == 1 else typed(new)
    return rope[:at] + put + rope[at + 1 :]


def move_paragraph(random: Random, rope: Rope, body: Sequence[Sentence]) -> Rope:
    """Carry a paragraph to another place."""
    grouped = [list(group) for _, group in groupby(body, key=lambda one: one.paragraph)]
    if len(grouped) < 2:
        return rope
    moved, before = random.sample(grouped, 2)
    start, end = unit(rope, moved[0], moved[-1])
    piece = rope[start:end]
    if not piece[-1][0].isspace():
        piece = [*piece, *typed("\n\n")]
    at = before[0].start
    if at < start:
        return rope[:at] + piece + rope[at:start] + rope[end:]
    return rope[:start] + rope[end:at] + piece + rope[at:]


EDITS: tuple[Edit, ...] = (
    delete,
    insert,
    duplicate,
    copy_elsewhere,
    delete_first_of_equals,
    swap,
    merge,
    split,
    reword,
    other_space,
    move_paragraph,
)
