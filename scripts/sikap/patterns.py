"""The forms of names and numbers that people write: which strings are a version."""


def version_numbers(version: str) -> tuple[int, ...]:
    """The three numbers of a version; raises ValueError where it is not of the form 1.2.3."""
    parts = version.split(".")
    if len(parts) != 3 or not all(part.isascii() and part.isdigit() for part in parts):
        raise ValueError(f"version {version!r} is not of the form 1.2.3")
    return tuple(map(int, parts))
