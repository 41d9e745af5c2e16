"""Run the project's own Label Studio, and make accounts on it."""

import secrets
import time
from collections.abc import Iterator

from sikap.errors import InputError, Problem
from sikap.project import Project
from sikap.steps.annotators import LinkReport, link
from sikap.store import decode_json, encode_json, write_bytes
from sikap.studio.server import create_user, read_credentials, running

DOMAIN = "sikap.local"


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


def add_annotator(project: Project, annotator: str) -> LinkReport:
    """Make an account for a pseudonym on the project's own Label Studio, and link it.

    The password is put into .sikap/accounts.json, of mode 0600. Raises InputError where the
    project's server was never started or the pseudonym is not in the settings.
    """
    admin = read_credentials(project.studio)
    if admin is None:
        found, fix = "this project has no Label Studio of its own", "run 'sikap studio' first"
        raise InputError(Problem(code="no-credentials", found=found, fix=fix))
    email = f"{annotator}@{DOMAIN}".lower()
    report = link(project, annotator, email)
    path = project.private / "accounts.json"
    name = project.name(path)
    accounts = decode_json(path.read_bytes(), dict[str, str], name) if path.exists() else {}
    if email not in accounts:
        # Written before the account is made: killed in between, the next run makes it.
        accounts[email] = secrets.token_urlsafe(16)
        write_bytes(path, encode_json(dict(sorted(accounts.items()))), mode=0o600)
    try:
        create_user(admin, email, accounts[email])
    except InputError as error:
        # Made by an earlier run with the password of the file: nothing is left to do.
        if any(problem.code != "user-exists" for problem in error.problems):
            raise
    return report
