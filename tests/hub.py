"""A Hub on the loopback for tests: real routes, spoken to the real client, with faults on demand.

It keeps what it is given in memory: commits with their files, branches, tags, large files by their
SHA-256. It answers as the Hub does as far as a client of datasets can tell.
"""

import base64
import contextlib
import hashlib
import json
import re
import threading
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any
from urllib.parse import parse_qs, unquote, urlsplit

TOKEN = "hf_" + "s3cr3t" * 5
ATTRIBUTES = {".gitattributes": b"*.parquet filter=lfs diff=lfs merge=lfs -text\n"}
PAGE = 7
"""Entries in a page of a listing: few, so that every release has several pages."""

Answer = tuple[int, dict[str, str], bytes]


@dataclass
class Repo:
    """A dataset: files of every commit, commits of branches and tags."""

    private: bool
    commits: dict[str, dict[str, bytes]] = field(default_factory=dict)
    titles: list[str] = field(default_factory=list)
    branches: dict[str, str] = field(default_factory=dict)
    tags: dict[str, str] = field(default_factory=dict)

    def add(self, files: Mapping[str, bytes], title: str, branch: str = "main") -> str:
        """Put a commit with these files on a branch."""
        parent = self.branches.get(branch, "")
        listing = "".join(f"{name} {_blob(data)}\n" for name, data in sorted(files.items()))
        commit = _sha1(f"{parent}\n{title}\n{len(self.commits)}\n{listing}".encode())
        self.commits[commit] = dict(files)
        self.titles.append(title)
        self.branches[branch] = commit
        return commit

    def resolve(self, revision: str) -> str | None:
        """The commit that a branch, a tag or a commit id stands for."""
        known = self.branches | self.tags | {commit: commit for commit in self.commits}
        return known.get(revision)

    @property
    def head(self) -> str:
        """The commit of the main branch."""
        return self.branches["main"]


@dataclass
class Fault:
    """What goes wrong at a request whose ``METHOD /path`` a pattern finds, after so many good ones.

    ``what`` is a status, ``drop`` (the connection ends without an answer), ``lose`` (it is done,
    but the answer is lost), or a function that is called before the request is answered well.
    """

    pattern: str
    what: int | str | Callable[[], object]
    after: int = 0
    times: int = 1
    headers: Mapping[str, str] = field(default_factory=dict)


class LoopbackHub:
    """The server and all that it holds; ``requests`` are those that it has seen."""

    def __init__(self) -> None:
        self.repos: dict[str, Repo] = {}
        self.large: dict[str, bytes] = {}
        self.requests: list[str] = []
        self.faults: list[Fault] = []
        self.leaked: list[str] = []
        self.url = ""
        self.lock = threading.RLock()

    def create(self, name: str, files: Mapping[str, bytes] | None = None) -> Repo:
        """Make a public dataset, with files if any."""
        repo = self.repos[name] = Repo(private=False)
        repo.add({**ATTRIBUTES, **(files or {})}, "initial commit")
        return repo

    def seen(self, pattern: str) -> int:
        """How many requests a pattern finds."""
        return sum(bool(re.search(pattern, request)) for request in self.requests)

    def fault_at(self, request: str) -> Fault | None:
        """The fault that is due at a request."""
        for fault in self.faults:
            if fault.times and re.search(fault.pattern, request):
                if fault.after:
                    fault.after -= 1
                    continue
                fault.times -= 1
                return fault
        return None

    def answer(self, method: str, path: str, token: str | None, body: bytes) -> Answer:
        """The good answer to a request."""
        where = urlsplit(path)
        if where.path.startswith("/cdn/") and token is not None:
            self.leaked.append(path)
        for verbs, pattern, answer in ROUTES:
            found = re.fullmatch(pattern, where.path)
            if found and method in verbs.split():
                parts = {name: unquote(part or "") for name, part in found.groupdict().items()}
                query = {name: values[0] for name, values in parse_qs(where.query).items()}
                return answer(self, Request(method, parts, query, token, body))
        return _error(404, "Sorry, we can't find the page you are looking for.")


@dataclass
class Request:
    """What a route gets to see of a request."""

    method: str
    parts: dict[str, str]
    query: dict[str, str]
    token: str | None
    body: bytes

    @property
    def json(self) -> Any:
        """The body as JSON."""
        return json.loads(self.body)


@contextlib.contextmanager
def loopback_hub() -> Iterator[LoopbackHub]:
    """Run a Hub on a free port of 127.0.0.1."""
    hub = LoopbackHub()

    class Handler(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"
        # Head and body in one piece at once: else each answer waits for an acknowledgement.
        disable_nagle_algorithm = True
        wbufsize = -1

        def handle_request(self) -> None:
            length = int(self.headers.get("Content-Length") or 0)
            body = self.rfile.read(length)
            header = self.headers.get("Authorization")
            token = header.removeprefix("Bearer ") if header else None
            with hub.lock:
                request = f"{self.command} {self.path}"
                hub.requests.append(request)
                fault = hub.fault_at(request)
                if fault and callable(fault.what):
                    fault.what()
                if fault and isinstance(fault.what, int):
                    # It says what it was given: a client must not repeat that.
                    self.give((fault.what, {**fault.headers}, _message(f"no, {token}")))
                    return
                if fault and fault.what == "drop":
                    self.close_connection = True
                    return
                answer = hub.answer(self.command, self.path, token, body)
            if fault and fault.what == "lose":
                self.close_connection = True
                return
            self.give(answer)

        do_GET = do_HEAD = do_POST = do_PUT = handle_request  # noqa: N815 -- the library's names

        def give(self, answer: Answer) -> None:
            status, headers, data = answer
            self.send_response(status)
            for name, value in {"Content-Length": str(len(data)), **headers}.items():
                self.send_header(name, value)
            self.end_headers()
            if self.command != "HEAD":
                self.wfile.write(data)

        def log_message(self, *_: object) -> None:
            pass

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    server.daemon_threads = True
    hub.url = f"http://127.0.0.1:{server.server_port}"
    threading.Thread(target=server.serve_forever, args=(0.02,), daemon=True).start()
    try:
        yield hub
    finally:
        server.shutdown()
        server.server_close()


def _open(hub: LoopbackHub, request: Request, *, write: bool = False) -> Repo | Answer:
    """The dataset that a request may see, or change."""
    if request.token not in {None, TOKEN}:
        return _error(401, "Invalid credentials in Authorization header")
    repo = hub.repos.get(request.parts["repo"])
    if repo is None or (repo.private and request.token is None):
        return _error(404 if request.token else 401, "Repository not found", "RepoNotFound")
    if write and request.token is None:
        return _error(403, "you have no leave to write")
    return repo


def _whoami(_: LoopbackHub, request: Request) -> Answer:
    if request.token != TOKEN:
        return _error(401, "Invalid credentials in Authorization header")
    return _json({"name": "penguji", "type": "user", "orgs": [], "auth": {"type": "access_token"}})


def _create(hub: LoopbackHub, request: Request) -> Answer:
    if request.token != TOKEN:
        return _error(401, "Invalid credentials in Authorization header")
    name = f"{request.json['organization']}/{request.json['name']}"
    known = {"url": f"{hub.url}/datasets/{name}", "name": name}
    if name in hub.repos:
        return _json(known | {"error": "You already created this dataset repo"}, 409)
    if request.json["type"] != "dataset":
        return _error(400, "only datasets here")
    hub.create(name).private = request.json.get("visibility") == "private"
    return _json(known)


def _validate_yaml(_: LoopbackHub, request: Request) -> Answer:
    if not request.json["content"].startswith("---\n"):
        return _json({"errors": [{"message": "no metadata"}], "warnings": []}, 400)
    return _json({"errors": [], "warnings": [{"message": f"warned, {request.token}"}]})


def _info(hub: LoopbackHub, request: Request) -> Answer:
    repo = _open(hub, request)
    if not isinstance(repo, Repo):
        return repo
    commit = repo.resolve(request.parts["revision"] or "main")
    if commit is None:
        return _error(404, "Invalid rev id", "RevisionNotFound")
    siblings = [{"rfilename": name} for name in sorted(repo.commits[commit])]
    about = {"id": request.parts["repo"], "sha": commit, "private": repo.private}
    return _json(about | {"siblings": siblings, "tags": [], "downloads": 0, "likes": 0})


def _refs(hub: LoopbackHub, request: Request) -> Answer:
    repo = _open(hub, request)
    if not isinstance(repo, Repo):
        return repo

    def listed(kind: str, of: Mapping[str, str]) -> list[dict[str, str]]:
        return [
            {"name": name, "ref": f"refs/{kind}/{name}", "targetCommit": commit}
            for name, commit in of.items()
        ]

    refs = {"branches": listed("heads", repo.branches), "tags": listed("tags", repo.tags)}
    return _json(refs | {"converts": [], "pullRequests": []})


def _tree(hub: LoopbackHub, request: Request) -> Answer:
    found = _files(hub, request)
    if isinstance(found, tuple):
        return found
    below = f"{request.parts['path']}/" if request.parts["path"] else ""
    inside = {name: data for name, data in found.items() if name.startswith(below)}
    if below and not inside:
        return _error(404, "no such folder", "EntryNotFound")
    names = {
        below + "/".join(name[len(below) :].split("/")[:depth])
        for name in inside
        for depth in range(1, name[len(below) :].count("/") + 2)
    }
    if request.query.get("recursive", "").lower() != "true":
        names = {name for name in names if "/" not in name[len(below) :]}
    start = int(request.query.get("cursor", "0"))
    page = [_entry(name, inside) for name in sorted(names)[start : start + PAGE]]
    status, headers, body = _json(page)
    if start + PAGE < len(names):
        query = f"recursive={request.query.get('recursive', 'false')}&cursor={start + PAGE}"
        path = f"/{request.parts['path']}" if request.parts["path"] else ""
        of = f"{hub.url}/api/datasets/{request.parts['repo']}/tree/{request.parts['revision']}"
        headers["Link"] = f'<{of}{path}?{query}>; rel="next"'
    return status, headers, body


def _paths_info(hub: LoopbackHub, request: Request) -> Answer:
    found = _files(hub, request)
    if isinstance(found, tuple):
        return found
    if request.body.startswith(b"{"):
        asked = request.json["paths"]
    else:
        asked = parse_qs(request.body.decode())["paths"]
    folders = {name.rsplit("/", depth)[0] for name in found for depth in range(1, 4) if "/" in name}
    return _json([_entry(name, found) for name in asked if name in found or name in folders])


def _preupload(hub: LoopbackHub, request: Request) -> Answer:
    found = _files(hub, request, write=True)
    if isinstance(found, tuple):
        return found
    files = []
    for file in request.json["files"]:
        large, data = _is_large(file["path"]), found.get(file["path"])
        oid = None if data is None else (hashlib.sha256(data).hexdigest() if large else _blob(data))
        mode = "lfs" if large else "regular"
        known = {"path": file["path"], "uploadMode": mode, "shouldIgnore": False, "oid": oid}
        files.append(known)
    return _json({"files": files})


def _batch(hub: LoopbackHub, request: Request) -> Answer:
    repo = _open(hub, request, write=True)
    if not isinstance(repo, Repo):
        return repo
    objects = []
    for one in request.json["objects"]:
        verify = {"href": f"{hub.url}/lfs/verify", "header": {}}
        upload = {"href": f"{hub.url}/lfs/{one['oid']}?signed=1", "header": {}}
        actions = {} if one["oid"] in hub.large else {"upload": upload, "verify": verify}
        objects.append({**one, "authenticated": True, **({"actions": actions} if actions else {})})
    return _json({"transfer": "basic", "objects": objects})


def _upload(hub: LoopbackHub, request: Request) -> Answer:
    if hashlib.sha256(request.body).hexdigest() != request.parts["oid"]:
        return _error(400, "the bytes have another SHA-256")
    hub.large[request.parts["oid"]] = request.body
    return _json({})


def _verify(hub: LoopbackHub, request: Request) -> Answer:
    data = hub.large.get(request.json["oid"])
    good = data is not None and len(data) == request.json["size"]
    return _json({}) if good else _error(404, "it was not uploaded")


def _commit(hub: LoopbackHub, request: Request) -> Answer:
    repo = _open(hub, request, write=True)
    if not isinstance(repo, Repo):
        return repo
    branch = request.parts["revision"]
    header, *operations = [json.loads(line) for line in request.body.splitlines()]
    if header["value"].get("parentCommit", repo.branches[branch]) != repo.branches[branch]:
        return _error(412, "A commit has happened since. Please refresh and try again.")
    files = dict(repo.commits[repo.branches[branch]])
    for operation in operations:
        value = operation["value"]
        if operation["key"] == "deletedFile":
            if value["path"] not in files:
                return _error(404, "A file with this name doesn't exist", "EntryNotFound")
            del files[value["path"]]
        elif operation["key"] == "lfsFile":
            if value["oid"] not in hub.large:
                return _error(400, f"{value['oid']} was not uploaded")
            files[value["path"]] = hub.large[value["oid"]]
        elif _is_large(value["path"]):
            return _error(400, f"{value['path']} is to be a large file")
        else:
            files[value["path"]] = base64.b64decode(value["content"])
    commit = repo.add(files, header["value"]["summary"], branch)
    address = f"{hub.url}/datasets/{request.parts['repo']}/commit/{commit}"
    return _json({"success": True, "commitOid": commit, "commitUrl": address})


def _tag(hub: LoopbackHub, request: Request) -> Answer:
    repo = _open(hub, request, write=True)
    if not isinstance(repo, Repo):
        return repo
    commit = repo.resolve(request.parts["revision"])
    if commit is None:
        return _error(404, "Invalid rev id", "RevisionNotFound")
    if request.json["tag"] in repo.tags:
        return _error(409, "Tag reference exists already")
    repo.tags[request.json["tag"]] = commit
    return _json({})


def _resolve(hub: LoopbackHub, request: Request) -> Answer:
    repo = _open(hub, request)
    if not isinstance(repo, Repo):
        return repo
    commit = repo.resolve(request.parts["revision"])
    if commit is None:
        return _error(404, "Invalid rev id", "RevisionNotFound")
    data = repo.commits[commit].get(request.parts["path"])
    if data is None:
        missing = _error(404, "Entry not found", "EntryNotFound")
        return missing[0], missing[1] | {"X-Repo-Commit": commit}, missing[2]
    if not _is_large(request.parts["path"]):
        return 200, {"X-Repo-Commit": commit, "ETag": f'"{_blob(data)}"'}, data
    digest = hashlib.sha256(data).hexdigest()
    hub.large[digest] = data
    # Another host, as on the Hub: the token must not go there.
    elsewhere = hub.url.replace("127.0.0.1", "localhost")
    headers = {"X-Repo-Commit": commit, "X-Linked-ETag": f'"{digest}"'}
    headers |= {"X-Linked-Size": str(len(data)), "Location": f"{elsewhere}/cdn/{digest}"}
    return 302, headers, b""


def _cdn(hub: LoopbackHub, request: Request) -> Answer:
    data = hub.large.get(request.parts["oid"])
    return (200, {}, data) if data is not None else _error(404, "no such object")


def _files(hub: LoopbackHub, request: Request, *, write: bool = False) -> dict[str, bytes] | Answer:
    repo = _open(hub, request, write=write)
    if not isinstance(repo, Repo):
        return repo
    commit = repo.resolve(request.parts["revision"])
    if commit is None:
        return _error(404, "Invalid rev id", "RevisionNotFound")
    return repo.commits[commit]


def _entry(name: str, files: Mapping[str, bytes]) -> dict[str, Any]:
    if name not in files:
        return {"type": "directory", "path": name, "oid": _sha1(name.encode()), "size": 0}
    data = files[name]
    entry = {"type": "file", "path": name, "oid": _blob(data), "size": len(data)}
    if _is_large(name):
        digest = hashlib.sha256(data).hexdigest()
        pointer = f"version https://git-lfs\noid sha256:{digest}\nsize {len(data)}\n".encode()
        lfs = {"oid": digest, "size": len(data), "pointerSize": len(pointer)}
        return entry | {"oid": _blob(pointer), "lfs": lfs}
    return entry


def _is_large(name: str) -> bool:
    return name.endswith(".parquet")


def _json(value: object, status: int = 200) -> Answer:
    return status, {"Content-Type": "application/json"}, json.dumps(value).encode()


def _message(text: str) -> bytes:
    return json.dumps({"error": text}).encode()


def _error(status: int, text: str, code: str = "") -> Answer:
    headers = {"Content-Type": "application/json", "X-Error-Message": text}
    return status, headers | ({"X-Error-Code": code} if code else {}), _message(text)


def _blob(data: bytes) -> str:
    return _sha1(b"blob %d\0" % len(data) + data)


def _sha1(data: bytes) -> str:
    return hashlib.sha1(data, usedforsecurity=False).hexdigest()


REPO = r"/api/datasets/(?P<repo>[^/]+/[^/]+)"
REVISION = r"/(?P<revision>[^/]+)"
ROUTES: list[tuple[str, str, Callable[[LoopbackHub, Request], Answer]]] = [
    ("GET", r"/api/whoami-v2", _whoami),
    ("POST", r"/api/repos/create", _create),
    ("POST", r"/api/validate-yaml", _validate_yaml),
    ("GET", rf"{REPO}(/revision{REVISION})?", _info),
    ("GET", rf"{REPO}/refs", _refs),
    ("GET", rf"{REPO}/tree{REVISION}(/(?P<path>.+))?", _tree),
    ("POST", rf"{REPO}/paths-info{REVISION}", _paths_info),
    ("POST", rf"{REPO}/preupload{REVISION}", _preupload),
    ("POST", rf"{REPO}/commit{REVISION}", _commit),
    ("POST", rf"{REPO}/tag{REVISION}", _tag),
    ("POST", r"/datasets/(?P<repo>[^/]+/[^/]+)\.git/info/lfs/objects/batch", _batch),
    ("PUT", r"/lfs/(?P<oid>[0-9a-f]{64})", _upload),
    ("POST", r"/lfs/verify", _verify),
    ("GET HEAD", r"/cdn/(?P<oid>[0-9a-f]{64})", _cdn),
    ("GET HEAD", rf"/datasets/(?P<repo>[^/]+/[^/]+)/resolve{REVISION}/(?P<path>.+)", _resolve),
]
