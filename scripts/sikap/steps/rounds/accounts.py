"""Make accounts for annotators on Label Studios of the project's own."""

import secrets
from collections.abc import Iterator, Mapping
from pathlib import Path

from sikap.errors import InputError, Problem
from sikap.label_studio.client import Client
from sikap.label_studio.server import create_user, read_credentials
from sikap.project import Project
from sikap.steps.report import Report
from sikap.steps.rounds.annotators import check_annotator, link_annotator
from sikap.storage.files import decode_json, encode_json, lock, read_bytes, write_bytes

DOMAIN = "sikap.local"


class AddReport(Report, frozen=True, kw_only=True):
    """The account of an annotator: with what name to log in, and in which file its password is.

    Problems say why the number of the account could not be linked.
    """

    annotator: str
    url: str
    login: str
    password_file: str
    changed: bool

    def lines(self) -> Iterator[str]:
        """Yield what the annotator must be told."""
        where = f"the password is in {self.password_file}"
        yield f"{self.annotator} logs in at {self.url} as {self.login}; {where}"


def add_annotator(project: Project, annotator: str, *, isolated: bool = False) -> AddReport:
    """Make an account for a pseudonym on a Label Studio of the project's own, and link it.

    That is the server that all share or, if ``isolated``, the annotator's own. The password is put
    into .sikap/accounts.json, of mode 0600. Address and number are linked: exports that somebody
    downloads name users by number. Raises InputError where the server was never started, the
    pseudonym is not in the settings, or there is such an account whose password is not known;
    ServiceError where the server fails.
    """
    check_annotator(project, annotator)
    admin = read_credentials(project.studios / annotator if isolated else project.studio)
    if admin is None:
        raise InputError(_no_server(project, annotator, isolated=isolated))
    email = f"{annotator}@{DOMAIN}".lower()
    name = project.name(_accounts(project))
    client = Client(admin.url, admin.token)
    there = _number(client, email) is not None
    if there and email not in _passwords(project):
        raise InputError(_password_lost(annotator, email, name))
    changed = link_annotator(project, annotator, email).changed
    if not there:
        # Written before the account is made: killed in between, the next run makes it.
        create_user(admin, email, _password(project, email))
    problems: tuple[Problem, ...] = ()
    try:
        number = str(_number(client, email) or "")
        user = f"{annotator}/{number}" if isolated else number
        changed |= link_annotator(project, annotator, user).changed
    except InputError as error:  # a number of another server may be linked to somebody else
        problems = error.problems
    return AddReport(
        annotator=annotator,
        url=admin.url,
        login=email,
        password_file=name,
        changed=changed or not there,
        problems=problems,
    )


def _no_server(project: Project, annotator: str, *, isolated: bool) -> Problem:
    found, fix = "this project has no Label Studio of its own", "run 'sikap studio' first"
    if isolated:
        found = f"this project runs no Label Studio for {annotator}"
        fix = f"run 'sikap studio --annotator {annotator}' first; on a server elsewhere make the "
        fix += f"account there, and run 'sikap annotators link {annotator} ADDRESS'"
    elif project.studios.exists():
        fix += "; for the annotator's own one use --isolated"
    return Problem(code="no-credentials", id=annotator, found=found, fix=fix)


def _accounts(project: Project) -> Path:
    return project.private / "accounts.json"


def _passwords(project: Project) -> Mapping[str, str]:
    path = _accounts(project)
    if not path.exists():
        return {}
    name = project.name(path)
    return decode_json(read_bytes(path, name, ""), dict[str, str], name)


def _password(project: Project, email: str) -> str:
    """The password of an account, made and written where there is none."""
    with lock(project.lock):
        passwords = {email: secrets.token_urlsafe(16), **_passwords(project)}
        write_bytes(_accounts(project), encode_json(dict(sorted(passwords.items()))), mode=0o600)
    return passwords[email]


def _number(client: Client, email: str) -> int | None:
    """The number of the user with this address; None where the server has no such user."""
    users = client.users().items()
    return next((number for number, address in users if address.lower() == email), None)


def _password_lost(annotator: str, email: str, name: str) -> Problem:
    found = f"the account {email} is there already, and {name} has no password of it"
    fix = "reset its password in Label Studio, or link the user whom the annotator works as: "
    fix += f"'sikap annotators link {annotator} USER'"
    return Problem(code="user-exists", id=annotator, found=found, fix=fix)
