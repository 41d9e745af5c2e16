"""Who made the annotations of an export, by a name that is no address."""

from collections.abc import Iterable, Mapping
from typing import Any

from sikap.rounds.exports import names_of


def user_names(annotations: Iterable[object]) -> dict[str, str]:
    """What to call users of whom only the address is known: by their numbers elsewhere, if any."""
    known, alone = dict[str, str](), set[str]()
    for raw in annotations:
        user = raw.get("completed_by") if isinstance(raw, dict) else None
        keys = names_of(user) if isinstance(user, dict | str) else ()
        addresses = [key for key in keys if "@" in key and key == key.strip()]
        numbers = [key for key in keys if "@" not in key]
        for address in addresses:
            if numbers:
                known[address] = f"user {numbers[0]}"
            else:
                alone.add(address)
    missing = sorted(alone - known.keys())
    return known | {address: f"person {place}" for place, address in enumerate(missing, 1)}


def who(raw: Mapping[str, Any], names: Mapping[str, str]) -> str | None:
    """The name of who made an annotation; None where it does not say."""
    user = raw.get("completed_by")
    if isinstance(user, str):
        if not user.strip():
            return None
        return names.get(user.strip().lower(), user.strip())
    keys = names_of(user)
    number = next((key for key in keys if "@" not in key), None)
    if number is not None:
        return f"user {number}"
    return next((names[key] for key in keys if key in names), None)
