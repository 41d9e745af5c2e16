"""The embedded Label Studio: SQLite, this machine only, stopped with the program that runs it.

All of it lies in one folder that git ignores: the data, the log, and the credentials in a file
that only its owner reads. Needs a POSIX system: it relies on process groups and file locks.
"""

import contextlib
import os
import re
import secrets
import shutil
import signal
import socket
import subprocess
import threading
import time
from collections.abc import Iterator
from pathlib import Path

import httpx
import msgspec

from sikap.errors import InputError, Problem, ServiceError
from sikap.label_studio.server_environment import DATABASE, prepare, python, variables
from sikap.storage.files import decode_json, encode_json, write_bytes

HOST = "127.0.0.1"
CREDENTIALS = "credentials.json"
LOG = "label-studio.log"
EMAIL = "admin@sikap.local"
START_SECONDS = 180.0
STOP_SECONDS = 10.0


class Credentials(msgspec.Struct, frozen=True):
    """How to reach a Label Studio as one of its users; its ``repr`` keeps the secrets."""

    url: str
    email: str
    password: str
    token: str

    def __repr__(self) -> str:
        return f"Credentials(url={self.url!r}, email={self.email!r})"


def read_credentials(folder: Path) -> Credentials | None:
    """The credentials that the server of ``folder`` last ran with; None where it never did."""
    path = folder / CREDENTIALS
    return decode_json(path.read_bytes(), Credentials, CREDENTIALS) if path.exists() else None


class Running(msgspec.Struct, frozen=True):
    """A server that runs: how to reach it, and its process."""

    credentials: Credentials
    process: subprocess.Popen[bytes]


@contextlib.contextmanager
def running(folder: Path, port: int = 8080) -> Iterator[Credentials]:
    """Run the Label Studio of ``folder`` while the block lasts; port 0 means any free one.

    Raises ServiceError where the port is taken or the server does not get ready, InputError where
    the folder has a server already.
    """
    with terminable(), started(folder, port) as server:
        yield server.credentials


@contextlib.contextmanager
def started(folder: Path, port: int) -> Iterator[Running]:
    """Like ``running``, for a program that watches its server, or has several of them.

    The program must be ``terminable``, or servers outlive it.
    """
    folder.mkdir(parents=True, exist_ok=True)
    folder.chmod(0o700)
    with _alone(folder) as lock:
        free = _free(port)
        environment = prepare()
        credentials = _credentials(folder, free)
        _database(environment, folder / "data")
        with _process(folder, environment, credentials, lock) as process:
            _wait(process, credentials, folder / LOG)
            yield Running(credentials, process)


def create_user(admin: Credentials, email: str, password: str) -> Credentials:
    """Make an account on a server that ``admin`` belongs to, through its sign-up form.

    The API can make accounts too, but without password or membership. Raises InputError where the
    form refuses, ServiceError where the server does.
    """
    headers = {"Authorization": f"Token {admin.token}"}
    try:
        with _http(admin.url) as http:
            invite = http.get("/api/invite", headers=headers).raise_for_status().json()["token"]
            page = http.get("/user/signup/", params={"token": invite}).raise_for_status()
            form = {"email": email, "password": password}
            form["csrfmiddlewaretoken"] = page.cookies["csrftoken"]
            params, origin = {"token": invite}, {"Referer": admin.url}
            answer = http.post("/user/signup/", params=params, data=form, headers=origin)
            if not answer.is_redirect:
                raise _refused(email, answer.text)
            token = http.get("/api/current-user/token").raise_for_status().json()["token"]
    except (httpx.HTTPError, KeyError) as error:
        found, fix = f"it did not make an account: {type(error).__name__}", "see its log"
        raise ServiceError(Problem(code="server-error", found=found, fix=fix)) from error
    return Credentials(admin.url, email, password, token)


def _refused(email: str, html: str) -> InputError:
    reasons = re.findall(r"<li>\s*([^<]+?)\s*</li>", html)
    found = f"Label Studio makes no account {email!r}: {'; '.join(reasons) or 'no reason given'}"
    exists = any("exists" in reason for reason in reasons)
    fix = "use another address or password"
    return InputError(Problem(code="user-exists" if exists else "settings", found=found, fix=fix))


def _http(url: str) -> httpx.Client:
    # Without the environment: a proxy has no business between us and this machine.
    return httpx.Client(base_url=url, trust_env=False, timeout=30)


def _credentials(folder: Path, port: int) -> Credentials:
    old = read_credentials(folder)
    password = old.password if old else secrets.token_urlsafe(24)
    token = old.token if old else secrets.token_hex(20)
    credentials = Credentials(f"http://{HOST}:{port}", EMAIL, password, token)
    write_bytes(folder / CREDENTIALS, encode_json(credentials), mode=0o600)
    return credentials


def _database(environment: Path, data: Path) -> None:
    # An empty database that is migrated already saves half a minute at the first start.
    data.mkdir(exist_ok=True)
    if not (data / DATABASE).exists():
        shutil.copyfile(environment / DATABASE, data / f"{DATABASE}.new")
        (data / f"{DATABASE}.new").rename(data / DATABASE)


def _free(port: int) -> int:
    with socket.socket() as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((HOST, port))
        except (OSError, OverflowError) as error:
            found, fix = f"port {port} cannot be had: {error}", "free it or name another port"
            raise ServiceError(Problem(code="server-start", found=found, fix=fix)) from error
        number: int = probe.getsockname()[1]
        return number


@contextlib.contextmanager
def _alone(folder: Path) -> Iterator[int]:
    # The server inherits this lock, which thus holds as long as either of us lives: a server that
    # outlived its killed parent still keeps the next one from its database.
    import fcntl  # noqa: PLC0415 -- other systems may import this module, if not run it

    handle = os.open(folder / "lock", os.O_RDWR | os.O_CREAT, 0o600)
    try:
        fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError as error:
        process = os.read(handle, 32).decode().strip()
        os.close(handle)
        found = f"a Label Studio of this folder runs already (process {process or 'unknown'})"
        how = f" with 'kill {process}'" if process else ""
        fix = f"use it, or stop it{how} and run again: its data stay"
        raise InputError(Problem(code="busy", found=found, fix=fix)) from error
    try:
        yield handle
    finally:
        os.close(handle)


@contextlib.contextmanager
def terminable() -> Iterator[None]:
    """Let signals that would kill the program end it in order, so that the server ends too."""
    if threading.current_thread() is not threading.main_thread():
        yield
        return
    numbers = (signal.SIGTERM, signal.SIGHUP)
    before = [signal.signal(number, _exit) for number in numbers]
    try:
        yield
    finally:
        for number, handler in zip(numbers, before, strict=True):
            signal.signal(number, handler)


def _exit(number: int, _: object) -> None:
    raise SystemExit(128 + number)


@contextlib.contextmanager
def _process(
    folder: Path, environment: Path, credentials: Credentials, lock: int
) -> Iterator[subprocess.Popen[bytes]]:
    """Start the server in a process group of its own; stop the group afterwards.

    The secrets go in by the environment: everybody can read command lines.
    """
    port = str(httpx.URL(credentials.url).port)
    flags = ["start", "--no-browser", "--internal-host", HOST, "--port", port]
    secret = {
        "LABEL_STUDIO_USERNAME": credentials.email,
        "LABEL_STUDIO_PASSWORD": credentials.password,
        "LABEL_STUDIO_USER_TOKEN": credentials.token,
        "LABEL_STUDIO_ENABLE_LEGACY_API_TOKEN": "true",
        "LABEL_STUDIO_DISABLE_SIGNUP_WITHOUT_LINK": "true",
        "LABEL_STUDIO_LOCAL_FILES_SERVING_ENABLED": "false",
        "LABEL_STUDIO_ALLOWED_HOSTS": f"{HOST},localhost",
    }
    with (folder / LOG).open("wb") as log:
        process = subprocess.Popen(  # noqa: S603 -- no shell, and the arguments are ours
            [python(environment), "-m", "label_studio.server", *flags],
            env=variables(folder.resolve() / "data") | secret,
            stdin=subprocess.DEVNULL,
            stdout=log,
            stderr=subprocess.STDOUT,
            start_new_session=True,
            pass_fds=(lock,),
        )
    os.pwrite(lock, str(process.pid).encode().ljust(32), 0)
    try:
        yield process
    finally:
        _stop(process)


def _stop(process: subprocess.Popen[bytes]) -> None:
    for number, bound in ((signal.SIGTERM, STOP_SECONDS), (signal.SIGKILL, None)):
        with contextlib.suppress(ProcessLookupError):
            os.killpg(process.pid, number)
        with contextlib.suppress(subprocess.TimeoutExpired):
            process.wait(bound)
            return


def _wait(process: subprocess.Popen[bytes], credentials: Credentials, log: Path) -> None:
    end = time.monotonic() + START_SECONDS
    with _http(credentials.url) as http:
        while process.poll() is None and time.monotonic() < end:
            with contextlib.suppress(httpx.HTTPError):
                if http.get("/health").status_code == httpx.codes.OK:
                    _ours(http, credentials)
                    return
            time.sleep(0.2)
    what = "did not get ready in time" if process.poll() is None else "ended while it started"
    tail = log.read_text(encoding="utf-8", errors="replace")[-2000:].strip()
    found = f"Label Studio {what}; the end of its log: {tail or 'nothing'}"
    raise ServiceError(Problem(code="server-start", file=LOG, found=found, fix="see its log"))


def _ours(http: httpx.Client, credentials: Credentials) -> None:
    """Raise ServiceError unless the server that answers is the one with our token."""
    headers = {"Authorization": f"Token {credentials.token}"}
    if http.get("/api/current-user/whoami", headers=headers).status_code != httpx.codes.OK:
        found = f"the Label Studio at {credentials.url} refuses the token of {CREDENTIALS}"
        fix = "bring back the credentials file that belongs to the database, or choose another port"
        raise ServiceError(Problem(code="token", file=CREDENTIALS, found=found, fix=fix))
