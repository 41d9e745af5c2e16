"""What a release says of itself, in whatever format: for all who must know before they check."""

from typing import Any

import msgspec

from sikap.patterns import version_numbers
from sikap.release.data.content import Text


class Claims(msgspec.Struct, frozen=True, kw_only=True):
    """The least that is known of a release.json; nothing of it is believed of the rows.

    ``full`` names the full release that a stand-off one is of, ``restored`` what is missing in one
    with texts put back.
    """

    dataset: dict[str, Any]
    content_hashes: dict[str, str] = {}
    draft: bool = False
    text: Text = "full"
    full: dict[str, Any] | None = None
    restored: dict[str, Any] | None = None
    rounds: tuple[dict[str, Any], ...] = ()
    inputs: dict[str, Any] = {}

    @property
    def version(self) -> str:
        """The version that it gives itself."""
        return str(self.dataset.get("version"))

    @property
    def versions(self) -> Any:  # noqa: ANN401 - whatever stands there
        """The versions that it says it was built with."""
        return self.inputs.get("versions")

    @property
    def rows(self) -> dict[str, str]:
        """The content hashes of the rows with their texts, be these in the release or not."""
        hashes: dict[str, str] = (self.full or {}).get("content_hashes", self.content_hashes)
        return hashes


def read_claims(data: bytes) -> Claims | None:
    """What a release.json claims, or nothing where it cannot be read or names no version."""
    try:
        claims = msgspec.json.decode(data, type=Claims)
        version_numbers(claims.version)
    except (msgspec.MsgspecError, UnicodeDecodeError, RecursionError, ValueError):
        return None
    return claims
