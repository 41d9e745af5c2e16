"""What the page of a round has beside that of its labelling config."""

import msgspec

from sikap.labelling_config import backgrounds
from sikap.rounds.adjudication_page import VERSIONS, adjudication_config, versions_html
from sikap.scheme import Scheme
from sikap.steps.files import RoundFiles


class Page(msgspec.Struct, frozen=True, kw_only=True):
    """The labelling config as it is to be on the server, and what tasks hold beside their item.

    ``more`` maps the id of an item to further keys of its task's data.
    """

    config: str
    more: dict[str, dict[str, str]]


def page_of(files: RoundFiles, config: str, scheme: Scheme) -> Page:
    """The page of a round: just its config, or that of an adjudicator who is shown versions."""
    if files.manifest.digests.versions is None:
        return Page(config=config, more={})
    colours = backgrounds(config.encode(), "config")
    texts = {item.item_id: item.text for item in files.items}
    more = {
        one.item_id: {VERSIONS: versions_html(texts[one.item_id], one.versions, scheme, colours)}
        for one in files.versions
        if one.item_id in texts  # lines of withdrawn articles may be deleted
    }
    return Page(config=adjudication_config(config, scheme), more=more)
