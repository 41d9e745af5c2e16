"""The templates of what people read: an unknown name in one is an error, never an empty place."""

from jinja2 import Environment, PackageLoader, StrictUndefined, select_autoescape


def templates() -> Environment:
    """The package's templates; those that are HTML escape whatever they are given."""
    return Environment(
        loader=PackageLoader("sikap.describe"),
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        keep_trailing_newline=True,
        autoescape=select_autoescape(("html.jinja",), default=False),
    )
