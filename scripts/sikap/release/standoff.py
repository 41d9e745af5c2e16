"""The files of a stand-off release: built from the full one, and searched before they are given."""

from sikap.describe.content import Content, Full
from sikap.describe.scan import text_found
from sikap.describe.standoff import stand_off
from sikap.describe.tables import tables
from sikap.errors import ChecksError
from sikap.release.build import SUMS, assemble, build, lay_out
from sikap.release.search import places
from sikap.storage.files import sha256


def build_stand_off(content: Content, *, drop_urls: bool = False) -> dict[str, bytes]:
    """All files of the stand-off release of a content with texts.

    The full release is built as well, since the other names its digests. Raises ChecksError where
    a file holds a piece of an article: guidelines or answers that quote one, for example.
    """
    made = tables(content)
    layout = lay_out(made, content.shard_bytes)
    full = Full(
        content_hashes=layout.content_hashes,
        sums=sha256(assemble(content, made, layout)[SUMS]),
    )
    files = build(stand_off(content, full, drop_urls=drop_urls))
    found = list(text_found(places(files), content.articles))
    if found:
        raise ChecksError(found)
    return files
