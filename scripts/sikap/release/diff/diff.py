"""What changed between two releases, from values alone: rows, labels, scheme, texts, claims.

Nothing that a release claims of itself (hashes, figures) is believed here: tables are compared.
"""

from collections.abc import Iterator, Mapping
from typing import Any

import msgspec

from sikap.labelling_config.scheme import Control, Scheme
from sikap.release.diff.changes import Changed, ConfigDiff, ControlChange, Diff, Files, Ids, State
from sikap.release.diff.labels import LabelDiff, compare_labels
from sikap.release.diff.rows import Splits, compare, pair, same_tables, shown

DERIVED = {"dataset", "rounds", "withdrawn", "content_hashes", "inputs", "facts"}
"""Parts of release.json that have a finding of their own or follow from the rows."""


class Edition(msgspec.Struct, frozen=True, kw_only=True):
    """A release as it is compared, whatever format it has.

    ``manifest`` is release.json as decoded JSON; ``tables`` gives the tables of a config by split,
    read when they are asked for, and ``packed`` digests of the bytes of each config. ``files``
    holds digests of all files that are no tables; ``datasheet`` is its prose, without figures.
    """

    manifest: Mapping[str, Any]
    scheme: Scheme
    tables: Mapping[str, Splits]
    packed: Mapping[str, str]
    files: Mapping[str, str]
    datasheet: str

    @property
    def version(self) -> str:
        """The version that it claims, empty where it claims none."""
        return str(_part(self.manifest, "dataset", {}).get("version", ""))

    def schema_file(self, key: str) -> str:
        """The path of the labelling config or the guidelines in the release."""
        return f"schema/{self.manifest.get(key, '')}"


def diff(old: Edition, new: Edition) -> Diff:
    """Everything in which ``new`` differs from ``old``; works on one config at a time."""
    configs, labels = _configs(old, new)
    rounds = [_rounds(edition) for edition in (old, new)]
    return Diff(
        old_version=old.version,
        new_version=new.version,
        configs=configs,
        labels=labels.labels,
        newly_labelled=labels.newly_labelled,
        unlabelled=labels.unlabelled,
        guidelines=_other(old, new, "guidelines_file"),
        config_file=_other(old, new, "config_file"),
        scheme=tuple(_scheme(old.scheme, new.scheme)),
        rounds_added=tuple(name for name in rounds[1] if name not in rounds[0]),
        rounds_removed=tuple(name for name in rounds[0] if name not in rounds[1]),
        rounds_changed={
            name: differing
            for name in rounds[0]
            if name in rounds[1] and (differing := _keys(rounds[0][name], rounds[1][name]))
        },
        withdrawn=_withdrawn(old, new),
        meta=_meta(*(_part(edition.manifest, "dataset", {}) for edition in (old, new))),
        datasheet=old.datasheet != new.datasheet,
        manifest=_manifest(old, new, same_rows=not configs),
        files=_files(old, new),
    )


def _configs(old: Edition, new: Edition) -> tuple[tuple[ConfigDiff, ...], LabelDiff]:
    names = dict.fromkeys((*old.packed, *new.packed))
    span_key = tuple(dict.fromkeys((*old.scheme.span_key, *new.scheme.span_key)))
    changes: list[ConfigDiff] = []
    labels = LabelDiff()
    for config in names:
        if old.packed.get(config) == new.packed.get(config):
            continue
        before, after = old.tables.get(config, {}), new.tables.get(config, {})
        if not before or not after or same_tables(before, after):
            changes.append(_whole(config, before, after))
            continue
        pairs = pair(config, before, after, span_key)
        if config == "sentences":
            labels = compare_labels(pairs, old.scheme, new.scheme)
        changes.append(compare(config, before, after, pairs))
    return tuple(changes), labels


def _whole(config: str, before: Splits, after: Splits) -> ConfigDiff:
    """A config that is new, gone, or there with the same rows in other bytes."""
    state: State = "removed" if not after else "repacked" if before else "added"
    counts = [{s: t.num_rows for s, t in sorted(side.items())} for side in (before, after)]
    return ConfigDiff(config=config, state=state, before=counts[0], after=counts[1])


def _other(old: Edition, new: Edition, key: str) -> bool:
    return old.files.get(old.schema_file(key)) != new.files.get(new.schema_file(key))


def _scheme(old: Scheme, new: Scheme) -> Iterator[ControlChange]:
    before, after = ({c.name: c for c in scheme.controls} for scheme in (old, new))
    for name in dict.fromkeys((*before, *after)):
        one, other = before.get(name), after.get(name)
        if one is None or other is None:
            values = (one or other or Control(name=name, kind="choice", values=())).values
            gone = other is None
            yield ControlChange(
                control=name,
                state="removed" if gone else "added",
                values_added=() if gone else values,
                values_removed=values if gone else (),
            )
        elif one != other:
            yield _control(one, other)
    if old.span_key != new.span_key:
        yield ControlChange(control="span_key", state="changed", settings=("span_key",))


def _control(old: Control, new: Control) -> ControlChange:
    shared = [
        [v for v in one.values if v in other.values] for one, other in ((old, new), (new, old))
    ]
    return ControlChange(
        control=old.name,
        state="changed",
        values_added=tuple(value for value in new.values if value not in old.values),
        values_removed=tuple(value for value in old.values if value not in new.values),
        reordered=shared[0] != shared[1],
        settings=tuple(
            name
            for name in Control.__struct_fields__
            if name != "values" and getattr(old, name) != getattr(new, name)
        ),
    )


def _rounds(edition: Edition) -> dict[str, Mapping[str, Any]]:
    listed = _part(edition.manifest, "rounds", [])
    return {str(one.get("round_id")): one for one in listed if isinstance(one, dict)}


def _keys(old: Mapping[str, Any], new: Mapping[str, Any]) -> Ids:
    """The keys under which two objects hold different things, or only one holds anything."""
    return tuple(key for key in dict.fromkeys((*old, *new)) if old.get(key) != new.get(key))


def _meta(old: Mapping[str, Any], new: Mapping[str, Any]) -> dict[str, Changed]:
    return {
        key: Changed(old=shown(old.get(key)), new=shown(new.get(key)))
        for key in _keys(old, new)
        if key != "version"
    }


def _withdrawn(old: Edition, new: Edition) -> Ids:
    """What the newer release says was withdrawn, and the older does not."""
    before, after = (
        [
            f"{one.get('what')} {one.get('id')}"
            for one in _part(edition.manifest, "withdrawn", [])
            if isinstance(one, dict)
        ]
        for edition in (old, new)
    )
    return tuple(one for one in dict.fromkeys(after) if one not in before)


def _manifest(old: Edition, new: Edition, *, same_rows: bool) -> Ids:
    keys = _keys(old.manifest, new.manifest)
    inputs = [_part(edition.manifest, "inputs", {}) for edition in (old, new)]
    listed = [key for key in keys if key not in DERIVED]
    listed += ["facts"] if same_rows and "facts" in keys else []
    listed += ["inputs.versions"] if "versions" in _keys(*inputs) else []
    return tuple(sorted(listed))


def _part(manifest: Mapping[str, Any], key: str, empty: Any) -> Any:  # noqa: ANN401
    value = manifest.get(key)
    return value if isinstance(value, type(empty)) else empty


def _files(old: Edition, new: Edition) -> Files:
    own = {"release.json", "SHA256SUMS", "SHA256SUMS.sig"}  # a signature is no part of a version
    own |= {e.schema_file(key) for e in (old, new) for key in ("config_file", "guidelines_file")}
    before, after = old.files.keys() - own, new.files.keys() - own
    return Files(
        added=tuple(sorted(after - before)),
        removed=tuple(sorted(before - after)),
        changed=tuple(sorted(n for n in before & after if old.files[n] != new.files[n])),
    )
