"""What the annotators of a round are given: its labelling config, its guidelines, its page."""

from collections.abc import Callable

import msgspec

from sikap.errors import Problem, raise_if
from sikap.label_studio.pages.adjudication import VERSIONS, adjudication_config, versions_html
from sikap.labelling_config.hotkeys_and_colours import backgrounds
from sikap.labelling_config.scheme import Scheme
from sikap.labelling_config.scheme_from_xml import read_scheme
from sikap.project import Project
from sikap.rounds.config_changes import config_changes, line_changes
from sikap.steps.project_files import CONFIG, GUIDELINES, RoundFiles
from sikap.storage.files import decode_text, sha256


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


def inputs_of(project: Project, files: RoundFiles, *, guidelines: bool = True) -> tuple[str, str]:
    """Config and guidelines as text; raises InputError where they are not the round's."""
    manifest, missing = files.manifest, "restore it from git, or plan a new round"
    config = project.read_input(project.config, fix=missing)
    rules = project.read_input(project.guidelines, fix=missing)
    changed = []
    if sha256(config) != manifest.digests.config:
        how = _compared(files.copies.get(CONFIG), config, config_changes)
        changed.append((project.config, CONFIG, f"the labelling config changed{how}"))
    if guidelines and sha256(rules) != manifest.digests.guidelines:
        how = _compared(files.copies.get(GUIDELINES), rules, line_changes)
        changed.append((project.guidelines, GUIDELINES, f"the guidelines changed{how}"))
    raise_if(
        Problem(
            code="round-inputs",
            file=project.name(path),
            id=manifest.round_id,
            found=found,
            fix=f"restore it from {_source(project, files, copy)}, or plan a new round",
        )
        for path, copy, found in changed
    )
    return (
        decode_text(config, project.name(project.config)),
        decode_text(rules, project.name(project.guidelines)),
    )


def config_of(project: Project, files: RoundFiles) -> str:
    """The labelling config of a round as its annotators have it.

    Raises InputError where the project now has another scheme.
    """
    if CONFIG in files.copies and under_this_scheme(project, files):
        return decode_text(files.copies[CONFIG], _copy(project, files, CONFIG))
    return inputs_of(project, files, guidelines=False)[0]


def under_this_scheme(project: Project, files: RoundFiles) -> bool:
    """Whether a round was annotated under the project's scheme, however that was displayed.

    The round's folder has the config that its annotators had: colours, keys, wording and style may
    have changed since then, but not what could be said.
    """
    file, then = _copy(project, files, CONFIG), files.copies.get(CONFIG)
    if then is None:
        file = project.name(project.config)
        then = project.read_input(project.config, fix="write it")
    if sha256(then) != files.manifest.digests.config:
        return False
    return project.scheme() == read_scheme(then, file, project.settings.span_key)


def _source(project: Project, files: RoundFiles, name: str) -> str:
    """Where a file is as it was when the round was planned."""
    return _copy(project, files, name) if name in files.copies else "git"


def _copy(project: Project, files: RoundFiles, name: str) -> str:
    return project.name(project.round(files.manifest.round_id) / name)


def _compared(planned: bytes | None, now: bytes, changes: Callable[[str, str], str]) -> str:
    """What changed since the round was planned, as far as the copy in its folder can tell."""
    since = " since the round was planned"
    if planned is None:
        return since
    return f"{since}: {changes(planned.decode(errors='replace'), now.decode(errors='replace'))}"
