"""On which Label Studio each project of a round is.

Run Label Studios of the project's own.
"""

import contextlib
import os
import time
from collections.abc import Iterable, Iterator, Mapping, Sequence
from pathlib import Path

import msgspec

from sikap.errors import InputError, Problem, ServiceError, raise_if
from sikap.label_studio.client import Client, connect
from sikap.label_studio.connection import TOKEN_VARIABLE
from sikap.label_studio.server import CREDENTIALS, LOG, Credentials, Running, started, terminable
from sikap.label_studio.sync import Place
from sikap.project import Project
from sikap.records import Round
from sikap.rounds.adjudication.votes import of_votes
from sikap.steps.report import Report
from sikap.steps.rounds.annotators import check_annotator, read_users
from sikap.storage.files import decode_json, encode_json, lock, read_bytes, write_bytes


class Server(msgspec.Struct, frozen=True):
    """The Label Studio of one annotator, and a token of the lead's there, which is not shown."""

    url: str
    token: str

    def __repr__(self) -> str:
        return "Server()"


class ServerReport(Report, frozen=True, kw_only=True):
    """Which server was registered for an annotator."""

    annotator: str
    url: str
    changed: bool

    def lines(self) -> Iterator[str]:
        """Yield one line."""
        yield f"isolated rounds send the items of {self.annotator} to {self.url}"


def places(project: Project, manifest: Round, client: Client | None = None) -> tuple[Place, ...]:
    """The places of a round: one that all share, or one for each of the roster.

    ``client`` is used instead of the server that environment or project name, but for isolated
    rounds, which have servers of their own. Raises InputError where nothing says which server that
    is, nobody annotates the round as it was made of a model's answers, or annotators of an isolated
    round would see each other's work.
    """
    if of_votes(manifest):
        found = "it was made of a model's answers, and nobody annotates it in Label Studio"
        fix = "leave it as it is: settle and release use it"
        raise InputError(Problem(code="round-design", id=manifest.round_id, found=found, fix=fix))
    if manifest.design.blindness == "isolated":
        return _isolated(project, manifest)
    client = client or connect(project.studio)
    if manifest.design.blindness == "shared":
        return (Place(annotator=None, client=client),)
    names = [entry.annotator for entry in manifest.roster]
    return tuple(Place(annotator=name, client=client) for name in names)


def read_servers(project: Project) -> dict[str, Server]:
    """The servers of annotators, by pseudonym; nothing where none was registered."""
    if not project.servers.is_file():
        return {}
    name = project.name(project.servers)
    return decode_json(read_bytes(project.servers, name, ""), dict[str, Server], name)


def register_server(project: Project, annotator: str, url: str) -> ServerReport:
    """Say on which Label Studio an annotator works in isolated rounds.

    The token is that of LABEL_STUDIO_API_KEY; it is tried, and kept in .sikap/servers.json of mode
    0600. Raises InputError without a token, or where the server is another annotator's already;
    ServiceError where it does not answer or refuses the token.
    """
    check_annotator(project, annotator)
    token = os.environ.get(TOKEN_VARIABLE, "").strip()
    if not token:
        found = f"{TOKEN_VARIABLE} is not set"
        fix = f"set it to a token from your account page on {annotator}'s server"
        raise InputError(Problem(code="no-credentials", id=annotator, found=found, fix=fix))
    client = Client(url.strip(), token)
    client.check()
    mark = client.mark()
    others = {name: one for name, one in read_servers(project).items() if name != annotator}
    for name, server in others.items():
        # One that does not answer now is compared before anything is sent.
        with contextlib.suppress(ServiceError):
            if Client(server.url, server.token).mark() == mark:
                raise InputError(_same(name, annotator))
    changed = write_servers(project, {annotator: Server(url.strip().rstrip("/"), token)})
    return ServerReport(annotator=annotator, url=client.url, changed=changed)


def write_servers(project: Project, servers: Mapping[str, Server]) -> bool:
    """Add servers to those that are registered; False where they were there."""
    with lock(project.servers.with_suffix(".lock")):
        known = {**read_servers(project), **servers}
        return write_bytes(project.servers, encode_json(dict(sorted(known.items()))), mode=0o600)


def _isolated(project: Project, manifest: Round) -> tuple[Place, ...]:
    names = [entry.annotator for entry in manifest.roster]
    servers = read_servers(project)
    raise_if(_missing(name) for name in names if name not in servers)
    found = tuple(
        Place(annotator=name, client=Client(servers[name].url, servers[name].token), number=number)
        for number, name in enumerate(names, 1)
    )
    raise_if(_not_isolated(found, _seen(found), read_users(project)))
    return found


def _seen(places: Iterable[Place]) -> list[tuple[str, set[str]]]:
    """The mark and the accounts of each server; raises ServiceError with all that fail."""
    seen: list[tuple[str, set[str]]] = []
    problems: list[Problem] = []
    for place in places:
        try:
            accounts = {address.lower() for address in place.client.users().values()}
            seen.append((place.client.mark(), accounts))
        except ServiceError as error:
            problems.extend(_of_server(str(place.annotator), error))
    if problems:
        raise ServiceError(problems)
    return seen


def _of_server(name: str, error: ServiceError) -> Iterator[Problem]:
    """Yield what is wrong with the server of an annotator; what to do names the annotator too."""
    again = f"'sikap annotators server {name} URL'"
    fixes = {
        "no-server": f"start it (sikap studio --annotator {name} …), or say where it is: {again}",
        "token": f"set {TOKEN_VARIABLE} to a token of yours there, then run {again}",
    }
    for one in error.problems:
        yield msgspec.structs.replace(one, id=name, fix=fixes.get(one.code, one.fix))


def _missing(name: str) -> Problem:
    found = f"no Label Studio is registered for {name}"
    fix = f"run one for each annotator (sikap studio --annotator {name} --annotator …), "
    fix += f"or name one that runs: 'sikap annotators server {name} URL'"
    return Problem(code="no-credentials", id=name, found=found, fix=fix)


def _not_isolated(
    places: Sequence[Place], seen: Iterable[tuple[str, set[str]]], users: Mapping[str, str]
) -> Iterator[Problem]:
    """Yield where a server is that of two annotators, or has an account of another of the round."""
    marks: dict[str, str] = {}
    names = {str(place.annotator) for place in places}
    for place, (mark, accounts) in zip(places, seen, strict=True):
        owner = str(place.annotator)
        if marks.setdefault(mark, owner) != owner:
            yield _same(marks[mark], owner)
        for stranger in sorted((names - {owner}) & {users.get(one, "") for one in accounts}):
            found = f"{stranger} has an account on the Label Studio of {owner}, and sees all there"
            fix = "delete the account there, or register another server"
            yield Problem(code="not-isolated", id=owner, found=found, fix=fix)


def _same(first: str, second: str) -> Problem:
    found = f"{first} and {second} have the same Label Studio, and see each other's work there"
    fix = f"register another for one of them: 'sikap annotators server {second} URL'"
    return Problem(code="not-isolated", id=second, found=found, fix=fix)


WATCH_SECONDS = 1.0


def run_servers(project: Project, port: int, annotators: Sequence[str] = ()) -> Iterator[str]:
    """Yield what a person must know once servers are ready, then keep them until interrupted.

    It is the project's own server, or one for each of ``annotators``, at ``port`` and the ports
    after it, which is registered for isolated rounds. Raises ServiceError where one cannot be
    started, or none is left running; InputError for annotators that the project does not have.
    """
    names = list(dict.fromkeys(annotators))
    for name in names:
        check_annotator(project, name)
    folders = {name: project.studios / name for name in names} or {"": project.studio}
    yield "starting Label Studio (the first time it is installed first, which takes a minute)"
    with terminable(), contextlib.ExitStack() as all_:
        servers: dict[str, tuple[Running, contextlib.ExitStack]] = {}
        for place, (name, folder) in enumerate(folders.items()):
            # A stack of its own: of a server that died, folder and port are free for the next.
            own = all_.enter_context(contextlib.ExitStack())
            server = own.enter_context(started(folder, port + place if port else 0))
            servers[name] = server, own
            yield from _ready(project, name, folder, server.credentials)
        if names:
            write_servers(project, {name: _registered(servers[name][0]) for name in names})
        flag = " --isolated" if names else ""
        yield f"next, in another terminal: sikap annotators add NAME{flag}, sikap round plan ID"
        yield "stop it with Ctrl-C" if len(folders) == 1 else "stop them all with Ctrl-C"
        while servers:
            for name in [
                name for name, (one, _) in servers.items() if one.process.poll() is not None
            ]:
                server, own = servers.pop(name)
                own.close()
                yield _ended(project, name, folders[name], server)
            time.sleep(WATCH_SECONDS)
    found, fix = "no Label Studio is left running", "see their logs, then run 'sikap studio' again"
    raise ServiceError(Problem(code="server-start", found=found, fix=fix))


def _ready(project: Project, name: str, folder: Path, credentials: Credentials) -> Iterator[str]:
    whose = f"the Label Studio of {name}" if name else "Label Studio"
    yield f"{whose} is ready at {credentials.url}"
    where = project.name(folder / CREDENTIALS)
    yield f"log in as {credentials.email}; the password is in {where}"


def _registered(server: Running) -> Server:
    return Server(server.credentials.url, server.credentials.token)


def _ended(project: Project, name: str, folder: Path, server: Running) -> str:
    whose = f"the Label Studio of {name}" if name else "Label Studio"
    log = project.name(folder / LOG)
    return f"{whose} has ended by itself (code {server.process.returncode}): see {log}"
