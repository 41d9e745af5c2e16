"""The flow as steps of datatrove, for many processes or many machines: its only importers.

The functions are those of the plain commands, and so are the bytes. Each task of a run takes a part
of the input and writes a shard beside a note of what it read, found and wrote; the merge puts the
shards together in order where the notes say that all are there. What needs datatrove is in the
extra ``scale``; importing this room without it raises InputError (``package-missing``).
"""

from importlib.util import find_spec

from sikap.errors import InputError, Problem

for _package in ("datatrove", "ray"):
    if find_spec(_package) is None:
        _found = f"{_package} is not installed"
        _fix = "install sikap with its extra: pip install 'sikap[scale]'"
        raise InputError(Problem(code="package-missing", id=_package, found=_found, fix=_fix))
