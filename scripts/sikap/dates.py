"""Days and moments as others write them, in ISO 8601, and as seconds since 1970, to reckon with."""

from datetime import UTC, date, datetime

FAR = 10_000_000_000  # in the year 2286


def is_day(value: str) -> bool:
    """Whether a text is a day of the calendar, as 2023-11-23, and nothing besides."""
    try:
        return date.fromisoformat(value).isoformat() == value
    except ValueError:
        return False


def seconds_of(moment: str | None) -> float | None:
    """Seconds since 1970 of a moment in ISO 8601, of UTC where it names no zone; else None."""
    if not moment:
        return None
    try:
        found = datetime.fromisoformat(moment)
    except ValueError:
        return None
    return (found if found.tzinfo else found.replace(tzinfo=UTC)).timestamp()


def moment_of(seconds: float) -> str | None:
    """A moment in ISO 8601 and UTC, to the second; None for what is before 1970 or far away."""
    if not 0 <= seconds < FAR:
        return None
    return f"{datetime.fromtimestamp(int(seconds), UTC):%Y-%m-%dT%H:%M:%SZ}"
