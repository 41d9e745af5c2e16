"""Who is behind a pseudonym: kept in a private file of mode 0600, never in git."""

from collections.abc import Iterator

from sikap.errors import InputError, Problem
from sikap.project import Project, once
from sikap.steps.report import Report
from sikap.storage.files import decode_json, encode_json, lock, read_bytes, write_bytes


class LinkReport(Report, frozen=True, kw_only=True):
    """Which pseudonym was linked; the user behind it is not repeated."""

    annotator: str
    users: int
    changed: bool

    def lines(self) -> Iterator[str]:
        """Yield one line."""
        yield f"{self.annotator} is linked to {self.users} Label Studio user(s)"


@once
def read_users(project: Project) -> dict[str, str]:
    """Label Studio users (e-mail address, or number as text) to pseudonyms."""
    if not project.users.is_file():
        return {}
    name = project.name(project.users)
    return decode_json(read_bytes(project.users, name, ""), dict[str, str], name)


def link_annotator(project: Project, annotator: str, user: str) -> LinkReport:
    """Say which Label Studio user is behind a pseudonym.

    Raises InputError for a pseudonym that the project does not have, or a user who is another
    annotator already.
    """
    check_annotator(project, annotator)
    user = user.strip().lower()  # addresses are the same in any case
    if not user:
        found, fix = "the user has no name", "give an e-mail address or user number"
        raise InputError(Problem(code="user-linked", id=annotator, found=found, fix=fix))
    with lock(project.lock):
        users = read_users(project)
        if users.get(user, annotator) != annotator:
            found, fix = f"the user is annotator {users[user]} already", "one user is one annotator"
            raise InputError(Problem(code="user-linked", id=annotator, found=found, fix=fix))
        users[user] = annotator
        changed = write_bytes(project.users, encode_json(dict(sorted(users.items()))), mode=0o600)
    count = sum(1 for name in users.values() if name == annotator)
    return LinkReport(annotator=annotator, users=count, changed=changed)


def check_annotator(project: Project, annotator: str) -> None:
    """Raise InputError for a pseudonym that the project does not have."""
    if annotator not in project.settings.annotators:
        known = ", ".join(project.settings.annotators) or "none yet"
        found = f"the project has no annotator {annotator!r} (it has {known})"
        fix = f"add [tool.sikap.annotators.{annotator}] to pyproject.toml"
        problem = Problem(code="round-roster", file="pyproject.toml", found=found, fix=fix)
        raise InputError(problem)
