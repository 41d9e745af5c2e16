"""YAML that others wrote, read without what can make a small file a large or endless value."""

from typing import Any

import yaml


class _Loader(yaml.SafeLoader):
    """The safe loader without aliases: by them a value can hold itself, or a billion others."""

    def compose_node(self, parent: yaml.Node | None, index: int) -> yaml.Node | None:
        if self.check_event(yaml.AliasEvent):
            raise yaml.YAMLError("it holds an alias, which no release needs")
        node: yaml.Node | None = super().compose_node(parent, index)
        return node


def read_yaml(data: str | bytes) -> Any:  # noqa: ANN401
    """What a YAML text holds; raises YAMLError, ValueError or RecursionError for what is none."""
    return yaml.load(data, _Loader)  # noqa: S506 -- the safe loader, and less
