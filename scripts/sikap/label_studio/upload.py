"""Fill a project with the tasks of a round until it holds each exactly once.

Label Studio has no uniqueness check on import, so what is there is known before anything is sent:
from the project's count where it is empty, else from its list of tasks. Whenever an answer is lost
that knowledge is gone too, and the list is read anew. A request that the server was still working
on when we gave up, or another push from another checkout, can still bring an item in twice; so in
the end the count is compared, and what stands twice is reduced to one.
"""

import time
from collections import defaultdict
from collections.abc import Callable, Iterator, Mapping, Sequence
from typing import Any

import msgspec

from sikap.errors import InputError, Problem
from sikap.label_studio.client import CHUNK, Client, ProjectInfo
from sikap.label_studio.push_journal import Journal, Sent
from sikap.label_studio.retry import PassingError, again
from sikap.label_studio.wire.tasks import task_item_id

BATCH = 20_000  # after each import the server counts the project anew, which takes long
BATCH_CHARACTERS = 20_000_000  # the server takes 250 MB at once
LATE = (1.0, 2.0, 4.0)  # seconds between looks for what a lost request may still bring


class Filled(msgspec.Struct, frozen=True, kw_only=True):
    """What was sent, what was there before, and how many tasks that stood twice were removed.

    Problems are items that were sent before and then deleted on the server; they were sent again.
    """

    sent: int
    present: int
    removed: int
    problems: tuple[Problem, ...]


class Filling:
    """The filling of one project with ``tasks``, by item, in their order.

    ``told`` is called with the number of items that are there and of all, after each batch.
    """

    def __init__(
        self,
        client: Client,
        project: ProjectInfo,
        tasks: Mapping[str, dict[str, Any]],
        journal: Journal,
        told: Callable[[int, int], object] = lambda _done, _all: None,
    ) -> None:
        self.client, self.number = client, project.project_id
        self.tasks, self.journal, self.told = tasks, journal, told
        # Where each item is on the server; None where that is not known.
        self.there: dict[str, int] | None = {} if project.tasks == 0 else None
        self.others = 0  # tasks that are no items
        self.listed = False  # since the last change
        self.made = project.tasks is None  # just now: only what was found is counted
        self.lost = False  # an answer on what was sent, by us or by a push that was killed
        self.sent = self.removed = 0
        self.before: int | None = None
        self.problems: tuple[Problem, ...] = ()

    def run(self) -> Filled:
        """Fill it. Raises InputError for items that were annotated twice, or ServiceError."""
        while again(self._step):
            pass
        for seconds in LATE if self.lost else ():
            time.sleep(seconds)
            self.listed = False
            while again(self._step):
                pass
        # What a lost request brought was not there before either.
        present = self.before or 0
        sent = len(self.tasks) - present
        return Filled(sent=sent, present=present, removed=self.removed, problems=self.problems)

    def _step(self) -> bool:
        """Read what is there unless it is known, and send the next batch; False at the end."""
        if self.there is None:
            self.there, self.listed = self._read(), True
        if self.before is None:
            self._look_back(self.there)
        batch = list(self._batch(self.there))
        self.told(len(self.tasks.keys() & self.there.keys()), len(self.tasks))
        if not batch:
            return self._unsettled(self.there)
        known, self.there, self.listed = self.there, None, False
        try:
            ids = self.client.import_tasks(self.number, [self.tasks[item] for item in batch])
        except PassingError:
            self.lost = True
            raise
        there = dict(zip(batch, ids, strict=True))
        self.journal.append(
            Sent(self.client.url, self.number, item, task) for item, task in there.items()
        )
        self.there = known | there
        return True

    def _batch(self, there: Mapping[str, int]) -> Iterator[str]:
        count = size = 0
        for item in self.tasks:
            if item in there:
                continue
            size += sum(len(str(value)) for value in self.tasks[item]["data"].values())
            if count and (count == BATCH or size > BATCH_CHARACTERS):
                return
            count += 1
            yield item

    def _unsettled(self, there: Mapping[str, int]) -> bool:
        """Whether the project may hold more or less than what we know, so that it must be read."""
        if self.listed:
            return False
        project = self.client.project(self.number)
        if project is not None and project.tasks == len(there) + self.others:
            return False
        self.there = None
        return True

    def _look_back(self, there: Mapping[str, int]) -> None:
        """At the first look: count what is there, and name what was sent and then deleted."""
        self.before = len(self.tasks.keys() & there.keys())
        # A push before us may have been killed while the server was still working for it.
        self.lost |= not self.made and self.before < len(self.tasks)
        sent = self.journal.read(self.client.url, self.number)
        gone = [item for item in self.tasks if item in sent and item not in there]
        self.problems = tuple(
            Problem(
                code="task-deleted",
                id=f"project {self.number}, item {item}",
                found=f"it was sent as task {sent[item][-1]}, and is no longer in Label Studio",
                fix="it is sent again; find out who deleted it: what was said of it is gone there",
            )
            for item in gone
        )

    def _read(self) -> dict[str, int]:
        """The task of every item, each once: what stands twice is reduced first."""
        while True:
            of: dict[str, list[int]] = defaultdict(list)
            self.others = 0
            for task, data in self.client.tasks(self.number):
                item = task_item_id(data)
                if item is None:
                    self.others += 1
                else:
                    of[item].append(task)
            twice = {item: tasks for item, tasks in of.items() if len(tasks) > 1}
            if not twice:
                return {item: task for item, (task,) in of.items()}
            self._reduce(twice)

    def _reduce(self, twice: Mapping[str, Sequence[int]]) -> None:
        """Leave one task of each item: that on which somebody has begun, else the first.

        No task on which somebody has begun is ever deleted: InputError names the items where that
        is so of several.
        """
        every = [task for tasks in twice.values() for task in tasks]
        begun = self.client.touched(self.number, every)
        kept = {min(tasks, key=lambda task: (task not in begun, task)) for tasks in twice.values()}
        doomed = [task for task in every if task not in kept and task not in begun]
        for first in range(0, len(doomed), CHUNK):
            chunk = doomed[first : first + CHUNK]
            begun_now = self.client.touched(self.number, chunk)
            idle = [task for task in chunk if task not in begun_now]
            self.client.delete_tasks(self.number, idle)
            self.removed += len(idle)
        both = {item: [t for t in tasks if t in begun] for item, tasks in twice.items()}
        problems = [self._annotated_twice(i, tasks) for i, tasks in both.items() if len(tasks) > 1]
        if problems:
            raise InputError(problems)

    def _annotated_twice(self, item: str, tasks: Sequence[int]) -> Problem:
        numbers = ", ".join(map(str, sorted(tasks)))
        return Problem(
            code="duplicate-task",
            id=f"project {self.number}, item {item}",
            found=f"somebody has begun on {len(tasks)} tasks of the item: {numbers}",
            fix="delete all but one of them in Label Studio, then push again",
        )
