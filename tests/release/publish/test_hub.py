"""The client of the Hub against a loopback that speaks the Hub's routes."""

import contextlib
import importlib
import logging
import pkgutil
import re
import traceback
from collections.abc import Callable
from typing import Any

import httpx2
import huggingface_hub
import huggingface_hub.errors
import pytest
from huggingface_hub.utils.tqdm import are_progress_bars_disabled as bars_are_off

from hub import ATTRIBUTES, TOKEN, Fault, LoopbackHub
from sikap.errors import InputError, ServiceError, SikapError
from sikap.release.publish.hub import Entry, Hub, in_the_clear
from sikap.release.publish.hub_errors import BELOW
from sikap.storage.files import sha256

REPO = "penguji/uji"
FILES = {"README.md": b"---\nlicense: cc0-1.0\n---\n", "data/a.parquet": b"PAR1", "kosong": b""}
OTHER = "0" * 40


def code_of(action: Callable[[], object]) -> str:
    """The code of the one problem that an action raises."""
    with pytest.raises(SikapError) as caught:
        action()
    (problem,) = caught.value.problems
    return problem.code


def everything(hub: Hub, commit: str) -> None:
    """Ask for a dataset, read its files, and add to it."""
    hub.head()
    hub.read(commit, FILES)
    hub.commit(commit, {"README.md": b"---\na: b\n---\n"}, [], "pesan")


class TestReading:
    def test_a_branch_a_tag_and_a_commit_stand_for_a_commit(self, hub: LoopbackHub) -> None:
        repo = hub.create(REPO, FILES)
        repo.tags["v1.0.0"] = first = repo.head
        second = repo.add({"a": b"a"}, "second")
        repo.branches["other/branch"] = first
        expected = {None: second, "main": second, "v1.0.0": first, first: first}
        expected["other/branch"] = first
        assert {name: Hub(REPO).head(name).commit for name in expected} == expected

    def test_files_are_listed_over_all_pages_without_the_hubs_own(self, hub: LoopbackHub) -> None:
        files = {f"data/{number:03}/x.parquet": b"%d" % number for number in range(20)} | FILES
        repo = hub.create(REPO, files)
        assert repo.commits[repo.head].keys() == files.keys() | ATTRIBUTES.keys()
        entries = Hub(REPO).entries(repo.head)
        assert entries.keys() == files.keys()
        assert all(entries[name].holds(data) for name, data in files.items())
        assert hub.seen(r"/tree/.*cursor=") > 3

    def test_files_are_read_by_commit_and_without_a_cache(self, hub: LoopbackHub) -> None:
        repo = hub.create(REPO, FILES)
        first = repo.head
        repo.add({"README.md": b"---\nnew\n"}, "second")
        for _ in range(2):
            assert Hub(REPO).read(first, FILES) == FILES
        assert hub.seen("GET /datasets/.*/resolve/main/") == 0
        assert hub.seen("GET /cdn/") == 2

    def test_the_token_does_not_go_to_other_hosts(self, hub: LoopbackHub) -> None:
        Hub(REPO).read(hub.create(REPO, FILES).head, FILES)
        assert hub.seen("/cdn/")
        assert hub.leaked == []

    def test_a_public_dataset_needs_no_token(
        self, hub: LoopbackHub, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        commit = hub.create(REPO, FILES).head
        monkeypatch.delenv("HF_TOKEN")
        assert Hub(REPO).read(commit, ["README.md"]) == {"README.md": FILES["README.md"]}

    def test_a_token_that_is_stored_on_the_machine_is_not_sent(
        self, hub: LoopbackHub, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        hub.create(REPO, FILES).private = True
        monkeypatch.delenv("HF_TOKEN")
        monkeypatch.setattr("huggingface_hub.utils._auth._get_token_from_file", lambda: TOKEN)
        assert code_of(Hub(REPO).head) in {"place-missing", "token"}

    @pytest.mark.parametrize("data", [b"", b"abc"])
    def test_an_entry_holds_its_bytes_only(self, data: bytes) -> None:
        entry = Entry(size=len(data), digest=sha256(data), large=True)
        assert entry.holds(data)
        assert not entry.holds(data + b"x")
        assert not Entry(size=len(data), digest=sha256(data), large=False).holds(data)


class TestWriting:
    def test_one_commit_adds_changes_and_deletes(self, hub: LoopbackHub) -> None:
        repo = hub.create(REPO, {"old": b"1", "data/a.parquet": b"2"})
        parent = repo.head
        made = Hub(REPO).commit(parent, FILES, ["old"], "pesan")
        assert made == repo.head
        assert repo.commits[made] == {**ATTRIBUTES, **FILES}
        assert repo.titles == ["initial commit", "pesan"]

    def test_a_commit_on_another_parent_is_refused(self, hub: LoopbackHub) -> None:
        repo = hub.create(REPO)
        parent = repo.head
        repo.add({"theirs": b""}, "theirs")
        assert code_of(lambda: Hub(REPO).commit(parent, FILES, [], "ours")) == "moved"
        assert repo.titles[-1] == "theirs"

    def test_a_dataset_is_made_once_and_as_private_as_asked(self, hub: LoopbackHub) -> None:
        for private in (True, False):
            Hub(REPO).create(private=private)
        assert Hub(REPO).head().private
        assert hub.seen("POST /api/repos/create") == 2

    def test_a_card_that_the_hub_refuses_is_refused_with_its_reason(self, hub: LoopbackHub) -> None:
        repo = hub.create(REPO)
        with pytest.raises(ServiceError, match=r"\[server-error\].*refuses.*no metadata"):
            Hub(REPO).commit(repo.head, {"README.md": b"# Uji"}, [], "pesan")
        assert repo.titles == ["initial commit"]

    def test_a_tag_stays_where_it_is(self, hub: LoopbackHub) -> None:
        repo = hub.create(REPO)
        first = repo.head
        second = repo.add({}, "second")
        Hub(REPO).tag("v1.0.0", first)
        Hub(REPO).tag("v1.0.0", second)
        assert Hub(REPO).tags() == {"v1.0.0": first}


class TestFailing:
    def test_what_is_not_there_is_bad_input(self, hub: LoopbackHub) -> None:
        commit = hub.create(REPO).head
        assert code_of(Hub("penguji/lain").head) == "place-missing"
        assert code_of(lambda: Hub(REPO).head("v9.9.9")) == "place-missing"
        assert code_of(lambda: Hub(REPO).entries(OTHER)) == "place-missing"
        assert code_of(lambda: Hub(REPO).read(commit, ["tidak/ada"])) == "place-missing"

    def test_a_name_that_no_dataset_can_have_is_bad_input(self) -> None:
        with pytest.raises(InputError, match=r"\[place\]"):
            Hub("a--b/c..d").head()

    @pytest.mark.parametrize(
        ("what", "code"),
        [
            (400, "server-error"),
            (401, "token"),
            (403, "token"),
            (404, "server-error"),
            (409, "moved"),
            (412, "moved"),
            (429, "server-error"),
            (500, "server-error"),
            (503, "server-error"),
            ("drop", "no-server"),
        ],
    )
    @pytest.mark.parametrize("request_", ["GET /api/datasets", "HEAD /datasets"])
    def test_an_answer_that_is_none_is_a_failure_of_the_service(
        self, hub: LoopbackHub, what: int | str, code: str, request_: str
    ) -> None:
        commit = hub.create(REPO, FILES).head
        hub.faults.append(Fault(request_, what, times=99))
        failing = Hub(REPO)
        action = failing.head if "api" in request_ else lambda: failing.read(commit, FILES)
        with pytest.raises(ServiceError) as caught:
            action()
        assert {problem.code for problem in caught.value.problems} == {code}

    def test_a_passing_failure_while_reading_is_sat_out(self, hub: LoopbackHub) -> None:
        commit = hub.create(REPO, FILES).head
        hub.faults.append(Fault("GET .*/tree/", 503, times=2))
        assert Hub(REPO).entries(commit).keys() == FILES.keys()

    @pytest.mark.usefixtures("hub")
    def test_nobody_who_answers_is_a_failure_of_the_service(
        self, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        monkeypatch.setenv("HF_ENDPOINT", "http://127.0.0.1:9")
        assert code_of(Hub(REPO).head) == "no-server"

    def test_what_is_no_hub_is_a_failure_of_the_service(
        self, monkeypatch: pytest.MonkeyPatch, hub: LoopbackHub
    ) -> None:
        monkeypatch.setenv("HF_ENDPOINT", f"{hub.url}/elsewhere")
        assert code_of(Hub(REPO).head) == "server-error"

    def test_a_token_that_no_token_can_be_is_bad_input(
        self, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        monkeypatch.setenv("HF_TOKEN", "rahasia\nbaris")
        with pytest.raises(InputError, match=r"\[token\]") as caught:
            Hub(REPO)
        assert "rahasia" not in str(caught.value)


class TestSecrets:
    @pytest.mark.parametrize(
        "endpoint", ["http://hub.example", "HTTP://10.0.0.1:80/", "http://[fd00::1]"]
    )
    def test_a_token_is_not_sent_in_the_clear(
        self, monkeypatch: pytest.MonkeyPatch, endpoint: str
    ) -> None:
        monkeypatch.setenv("HF_TOKEN", TOKEN)
        monkeypatch.setenv("HF_ENDPOINT", endpoint)
        with pytest.raises(InputError, match=r"\[token\]") as caught:
            Hub(REPO)
        assert TOKEN not in str(caught.value)
        monkeypatch.delenv("HF_TOKEN")
        assert not Hub(REPO).may_write

    @pytest.mark.parametrize(
        "endpoint",
        ["", "https://hub.example", "http://localhost:80", "http://127.0.0.2", "http://[::1]:8"],
    )
    def test_a_token_may_go_to_this_machine_or_behind_tls(self, endpoint: str) -> None:
        assert not in_the_clear(endpoint)

    @pytest.mark.parametrize("status", [400, 401, 403, 404, 409, 412, 429, 500])
    @pytest.mark.parametrize("request_", ["GET .*/penguji/uji$", "POST .*/commit/", "HEAD "])
    def test_a_token_that_the_hub_repeats_is_seen_nowhere(
        self,
        hub: LoopbackHub,
        status: int,
        request_: str,
        caplog: pytest.LogCaptureFixture,
        capfd: pytest.CaptureFixture[str],
        recwarn: pytest.WarningsRecorder,
    ) -> None:
        caplog.set_level(logging.DEBUG)
        repo = hub.create(REPO, FILES)
        repeated = {"X-Error-Message": f"no {TOKEN}", "X-HF-Warning": f"t{status}; {TOKEN}"}
        hub.faults.append(Fault(request_, status, times=99, headers=repeated))
        with pytest.raises(SikapError) as caught:
            everything(Hub(REPO), repo.head)
        told = "".join(traceback.format_exception(caught.value))
        warned = "".join(str(warning.message) for warning in recwarn)
        shown = "".join(capfd.readouterr())
        assert TOKEN not in told + warned + shown + caplog.text + repr(vars(caught.value))

    @pytest.mark.usefixtures("hub")
    def test_a_password_in_the_endpoint_is_not_told(self, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.setenv("HF_ENDPOINT", "http://budi:rahasia@127.0.0.1:9")
        with pytest.raises(ServiceError) as caught:
            Hub(REPO).head()
        assert "rahasia" not in str(caught.value) + Hub(REPO).url

    def test_the_client_is_as_loud_as_before_afterwards(self, hub: LoopbackHub) -> None:
        logger = logging.getLogger("huggingface_hub")
        before = logger.level, bars_are_off()
        hub.create(REPO)
        Hub(REPO).head()
        assert (logger.level, bars_are_off()) == before


def exceptions() -> list[type[Exception]]:
    """The exception classes of the client, of its modules, and of the HTTP library below it."""
    modules = [huggingface_hub.errors, httpx2, importlib.import_module("hf_xet")]
    for module in pkgutil.iter_modules(huggingface_hub.__path__, "huggingface_hub."):
        with contextlib.suppress(ImportError):  # of a part for which packages are missing
            modules.append(importlib.import_module(module.name))
    values = [value for module in modules for value in vars(module).values()]
    kinds = {each for each in values if isinstance(each, type) and issubclass(each, Exception)}
    theirs = {each for each in kinds if each.__module__.partition(".")[0] in BELOW}
    found = {each for each in theirs if not issubclass(each, Warning)}
    return sorted(found, key=lambda kind: f"{kind.__module__}.{kind.__qualname__}")


def instance(kind: type[Exception]) -> Exception:
    """An exception that names the token wherever it can."""
    made: Any = kind.__new__(kind)
    Exception.__init__(made, f"refused {TOKEN}")
    request = httpx2.Request("GET", "http://127.0.0.1/api")
    if issubclass(kind, huggingface_hub.errors.HfHubHTTPError):
        made.response = httpx2.Response(418, request=request)
        made.server_message = TOKEN
    return made  # type: ignore[no-any-return]


def test_there_are_exceptions_to_map() -> None:
    names = {kind.__name__ for kind in exceptions()}
    assert {"HfHubHTTPError", "ReadTimeout", "InvalidURL", "XetDownloadError"} <= names
    assert len(names) > 60


@pytest.mark.parametrize("kind", exceptions(), ids=lambda kind: kind.__name__)
def test_every_exception_of_the_client_comes_out_as_ours(kind: type[Exception]) -> None:
    hub = Hub(REPO)
    with pytest.raises((InputError, ServiceError)) as caught, hub._answering():
        raise instance(kind)
    assert re.match(r"\[[a-z-]+\] ", str(caught.value))


@pytest.mark.parametrize("kind", exceptions(), ids=lambda kind: kind.__name__)
def test_no_exception_of_the_client_tells_the_token(
    kind: type[Exception], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("HF_TOKEN", TOKEN)
    with pytest.raises(SikapError) as caught, Hub(REPO)._answering():
        raise instance(kind)
    assert TOKEN not in "".join(traceback.format_exception(caught.value))


def test_what_is_wrapped_is_told_by_its_cause(hub: LoopbackHub) -> None:
    made = instance(huggingface_hub.errors.DisabledRepoError)
    wrapped = RuntimeError("Error while uploading")
    wrapped.__cause__ = made
    with pytest.raises(ServiceError, match=r"\[token\]"), Hub(REPO)._answering():
        raise wrapped


def test_what_is_no_failure_of_the_client_passes(hub: LoopbackHub) -> None:
    for kind in (KeyboardInterrupt, ZeroDivisionError):
        with pytest.raises(kind), Hub(REPO)._answering():
            raise kind
