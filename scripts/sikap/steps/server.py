"""Run the project's own Label Studio, and make accounts on it."""

import secrets
import time
from collections.abc import Iterator

from sikap.errors import InputError, Problem
from sikap.project import Project
from sikap.steps.annotators import check_annotator, link
from sikap.steps.report import Report
from sikap.store import decode_json, encode_json, read_bytes, write_bytes
from sikap.studio.client import Client
from sikap.studio.server import create_user, read_credentials, running

DOMAIN = "sikap.local"


class AddReport(Report, frozen=True, kw_only=True):
    """The account of an annotator: with what name to log in, and in which file its password is.

    Problems say why the number of the account could not be linked.
    """

    annotator: str
    login: str
    password_file: str
    changed: bool

    def lines(self) -> Iterator[str]:
        """Yield what the annotator must be told."""
        yield f"{self.annotator} logs in as {self.login}; the password is in {self.password_file}"


def run(project: Project, port: int) -> Iterator[str]:
    """Yield what a person must know once the server is ready, then keep it until interrupted.

    Raises ServiceError where it cannot be started.
    """
    yield "starting Label Studio (the first time it is installed first, which takes a minute)"
    with running(project.studio, port) as credentials:
        where = project.name(project.studio / "credentials.json")
        yield f"Label Studio is ready at {credentials.url}; stop it with Ctrl-C"
        yield f"log in as {credentials.email}; the password is in {where}"
        while True:
            time.sleep(3600)


def add_annotator(project: Project, annotator: str) -> AddReport:
    """Make an account for a pseudonym on the project's own Label Studio, and link it.

    Its password is put into .sikap/accounts.json, of mode 0600. Its address and its number are
    linked: exports that somebody downloads name users by number. Raises InputError where the
    project's server was never started, the pseudonym is not in the settings, or there is such an
    account whose password is not known; ServiceError where the server fails.
    """
    admin = read_credentials(project.studio)
    if admin is None:
        found, fix = "this project has no Label Studio of its own", "run 'sikap studio' first"
        raise InputError(Problem(code="no-credentials", found=found, fix=fix))
    check_annotator(project, annotator)
    email = f"{annotator}@{DOMAIN}".lower()
    path = project.private / "accounts.json"
    name = project.name(path)
    passwords = (
        decode_json(read_bytes(path, name, ""), dict[str, str], name) if path.exists() else {}
    )
    client = Client(admin.url, admin.token)
    there = _number(client, email) is not None
    if there and email not in passwords:
        raise InputError(_password_lost(annotator, email, name))
    changed = link(project, annotator, email).changed
    if not there:
        # Written before the account is made: killed in between, the next run makes it.
        passwords.setdefault(email, secrets.token_urlsafe(16))
        write_bytes(path, encode_json(dict(sorted(passwords.items()))), mode=0o600)
        create_user(admin, email, passwords[email])
    problems: tuple[Problem, ...] = ()
    try:
        changed |= link(project, annotator, str(_number(client, email) or "")).changed
    except InputError as error:  # a number of another server may be linked to somebody else
        problems = error.problems
    return AddReport(
        annotator=annotator,
        login=email,
        password_file=name,
        changed=changed or not there,
        problems=problems,
    )


def _number(client: Client, email: str) -> int | None:
    """The number of the user with this address; None where the server has no such user."""
    users = client.users().items()
    return next((number for number, address in users if address.lower() == email), None)


def _password_lost(annotator: str, email: str, name: str) -> Problem:
    found = f"the account {email} is there already, and {name} has no password of it"
    fix = "reset its password in Label Studio, or link the user whom the annotator works as: "
    fix += f"'sikap annotators link {annotator} USER'"
    return Problem(code="user-exists", id=annotator, found=found, fix=fix)
