"""What plans of rounds share: roster, ordinal, and the folder of a round that was planned."""

from collections.abc import Collection, Iterator, Mapping, Sequence
from pathlib import Path

import msgspec

from sikap.errors import InputError, Problem, raise_if
from sikap.project import Project
from sikap.records import Annotator, Design, Digests, Item, Round
from sikap.steps.project_files import GOLD, VERSIONS, RoundFiles, read_round, read_rounds
from sikap.storage.files import encode_json, encode_lines, write_bytes

PEOPLE = {"expert", "crowd"}
"""Kinds of annotators who work in Label Studio themselves."""


def roster_of(
    project: Project, names: Sequence[str], gone: Collection[str]
) -> tuple[Annotator, ...]:
    """These annotators of the project, without those who are gone.

    Where none is named it is everybody who is a person, and everybody where nobody is. Raises
    InputError for names that the project does not have, or that withdrew.
    """
    known = {n: entry for n, entry in project.settings.annotators.items() if n not in gone}
    unknown = [name for name in names if name not in known]
    if set(unknown) & set(gone):
        found = f"{', '.join(sorted(set(unknown) & set(gone)))} was withdrawn"
        raise InputError(Problem(code="withdrawn", found=found, fix="plan the round without"))
    if unknown:
        has = ", ".join(known) or "none yet"
        found = f"the project has no annotator {', '.join(unknown)} (it has {has})"
        fix = f"add [tool.sikap.annotators.{unknown[0]}] with kind and qualifications"
        problem = Problem(code="round-roster", file="pyproject.toml", found=found, fix=fix)
        raise InputError(problem)
    people = [name for name, entry in known.items() if entry.kind in PEOPLE]
    return tuple(
        Annotator(annotator=name, kind=known[name].kind, qualifications=known[name].qualifications)
        for name in (names or people or known)
    )


def rounds_before(project: Project, new: str) -> tuple[list[RoundFiles], RoundFiles | None]:
    """The rounds that were planned before ``new``, and ``new`` itself where it is there."""
    rounds = read_rounds(project)
    old = read_round(project, new) if (project.round(new) / "round.json").is_file() else None
    return [
        one
        for one in rounds
        if one.manifest.round_id != new
        and (old is None or one.manifest.ordinal < old.manifest.ordinal)
    ], old


def ordinal_after(before: Sequence[RoundFiles], old: RoundFiles | None) -> int:
    """The ordinal of a round: what it has, or the next."""
    if old is not None:
        return old.manifest.ordinal
    return max((one.manifest.ordinal for one in before), default=0) + 1


def raise_if_otherwise(manifest: Round, old: RoundFiles | None) -> None:
    """Raise InputError where a round was planned before, and not as it would be now."""
    if old is None:
        return
    digests = msgspec.structs.replace(old.manifest.digests, predictions=None)
    planned = msgspec.structs.replace(
        old.manifest, projects=(), state="planned", counts=manifest.counts, digests=digests
    )
    if planned != manifest:
        found = f"it was planned before otherwise: {'; '.join(_differences(planned, manifest))}"
        fix = "choose another id, or, if nobody has annotated it, delete its folder and projects"
        problem = Problem(code="round-exists", id=manifest.round_id, found=found, fix=fix)
        raise InputError(problem)


def _differences(then: msgspec.Struct, now: msgspec.Struct) -> Iterator[str]:
    """Yield what differs between two plans, in the words of their fields."""
    for name in then.__struct_fields__:
        before, after = getattr(then, name), getattr(now, name)
        if before == after:
            continue
        if isinstance(before, Design):
            yield from _differences(before, after)
        elif isinstance(before, Digests):
            parts = before.__struct_fields__
            differ = [part for part in parts if getattr(before, part) != getattr(after, part)]
            yield f"other {' and '.join(differ)}"
        elif name == "roster":
            names = [", ".join(one.annotator for one in roster) for roster in (before, after)]
            yield f"annotators {names[0]}, now {names[1]}"
        else:
            yield f"{name} {before}, now {after}"


def write_plan(
    project: Project, manifest: Round, items: Sequence[Item], files: Mapping[str, bytes]
) -> None:
    """Write the folder of a new round; ``files`` are its further files, by name.

    What a plan that was killed left there goes. Raises InputError where the folder holds what
    somebody said in a round of which only the manifest is missing.
    """
    folder = project.round(manifest.round_id)
    raise_if(_said_before(project, folder))
    for name in {GOLD, VERSIONS} - files.keys():
        (folder / name).unlink(missing_ok=True)
    write_bytes(folder / "items.jsonl", encode_lines(items))
    for name, data in files.items():
        write_bytes(folder / name, data)
    # The manifest comes last: a round without one was never planned.
    write_manifest(project, manifest)


def write_manifest(project: Project, manifest: Round) -> bool:
    """Write round.json; False where it is as it was."""
    return write_bytes(project.round(manifest.round_id) / "round.json", encode_json(manifest))


def _said_before(project: Project, folder: Path) -> Iterator[Problem]:
    for name in ("annotations.jsonl", "history.jsonl", "export.json"):
        if (folder / name).exists():
            found = "it is there already, though the folder has no round.json"
            fix = "restore round.json from git, choose another id, or delete the folder"
            yield Problem(
                code="round-exists", file=project.name(folder / name), found=found, fix=fix
            )
