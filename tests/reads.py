"""How often commands open each file of a project for reading, in a process of their own.

Usage: python tests/reads.py PROJECT COMMAND [ARGUMENT ...] [-- COMMAND [ARGUMENT ...]] ...
"""

import os
import subprocess
import sys
from collections import Counter
from collections.abc import Iterator, Sequence
from itertools import groupby
from pathlib import Path

from projects import sikap

WRITING = os.O_WRONLY | os.O_RDWR
HEAD = "reads of: "


def count_reads(project: Path, *commands: Sequence[str]) -> Iterator[Counter[str]]:
    """Run commands one after the other; give the number of reads by file for each of them."""
    words = [word for command in commands for word in ("--", *command)][1:]
    run = [sys.executable, __file__, str(project), *words]
    done = subprocess.run(run, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    counts = list[Counter[str]]()
    for line in done.stdout.splitlines():
        if line.startswith(HEAD):
            counts.append(Counter())
        elif counts and "\t" in line:
            number, name = line.split("\t")
            counts[-1][name] = int(number)
    return iter(counts)


def main(folder: Path, words: Sequence[str]) -> int:
    """Run the commands and print the reads of each; give the exit code of one that is refused."""
    root, counts = folder.resolve(), Counter[str]()

    def count(event: str, details: tuple[object, ...]) -> None:
        if event == "open" and isinstance(details[0], str) and isinstance(details[2], int):
            path = Path(os.path.abspath(details[0]))  # noqa: PTH100 -- opens nothing by itself
            if not details[2] & WRITING and path.is_relative_to(root):
                counts[path.relative_to(root).as_posix()] += 1

    sys.addaudithook(count)
    for separates, group in groupby(words, key="--".__eq__):
        if not separates:
            command = list(group)
            counts.clear()
            if (code := sikap(root, *command)) > 1:  # 1 is that it found something to decide
                return code
            lines = (f"{number}\t{name}\n" for name, number in sorted(counts.items()))
            sys.stdout.writelines([f"{HEAD}{' '.join(command)}\n", *lines])
    return 0


if __name__ == "__main__":
    sys.exit(main(Path(sys.argv[1]), sys.argv[2:]))
