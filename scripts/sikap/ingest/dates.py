"""Days of publication, however a source writes them."""


def iso_day(value: str | int | float, language: str) -> str | None:
    """The day that a value names, as 2023-11-23; None where it names none."""
    raise NotImplementedError
