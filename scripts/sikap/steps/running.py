"""Run Label Studios of the project's own."""

import contextlib
import time
from collections.abc import Iterator, Sequence
from pathlib import Path

from sikap.errors import Problem, ServiceError
from sikap.label_studio.server import CREDENTIALS, LOG, Credentials, Running, started, terminable
from sikap.project import Project
from sikap.steps.annotators import check_annotator
from sikap.steps.servers import Server, write_servers

WATCH_SECONDS = 1.0


def run(project: Project, port: int, annotators: Sequence[str] = ()) -> Iterator[str]:
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
