"""The way to one Label Studio, and what goes wrong on it: the only importer of its SDK.

Whatever goes wrong below comes out as one error with a code, and the token is in none of them:

    token         401, 403
    server-error  any other answer that is not what was asked for
    no-server     no answer

What may pass is a PassingError.
"""

import contextlib
import json
from collections.abc import Callable, Iterator, Mapping
from typing import Any, TypeVar

import httpx
import msgspec

from sikap.errors import InputError, Problem, ServiceError
from sikap.label_studio.retry import PassingError, again, retry_after
from sikap.label_studio.server import HOST
from sikap.storage.urls import user_in

URL_VARIABLE = "LABEL_STUDIO_URL"
TOKEN_VARIABLE = "LABEL_STUDIO_API_KEY"  # noqa: S105 -- the name of a variable
TIMEOUT = 60
LONG_TIMEOUT = 600
MAY_PASS = {408, 425, 429}
UNREADABLE = (ValueError, TypeError, AttributeError, RecursionError)

T = TypeVar("T")


class Connection:
    """One user's way to one server: by the SDK, ``sdk``, or by requests of our own.

    ``url`` is the address without what logs in. Raises InputError for what is no token.
    """

    def __init__(self, url: str, token: str) -> None:
        from label_studio_sdk import LabelStudio

        if not (token.isascii() and token.isprintable()):
            found, fix = "the token holds characters that no token has", "copy it again"
            raise InputError(Problem(code="token", found=found, fix=fix))
        url = url.rstrip("/")
        self._user = user_in(url)
        self.url = url.replace(self._user, "", 1)
        self._token = token
        with self.answering():
            local = httpx.URL(url).host in {HOST, "localhost"}
            http = httpx.Client(
                timeout=TIMEOUT,
                follow_redirects=True,
                trust_env=not local,
                event_hooks={"response": [_stay]},
            )
            make: Any = LabelStudio
            self.sdk: Any = make(base_url=url, api_key=token, httpx_client=http, max_retries=0)
            self._http, self._base = http, url
        self._heard = False

    def ask(
        self,
        method: str,
        path: str,
        params: Mapping[str, Any] | None = None,
        body: object = None,
    ) -> httpx.Response:
        """One request to the API, without the SDK; a bad answer is raised as it would raise it."""
        from label_studio_sdk.core.api_error import ApiError

        headers = {"Authorization": f"Token {self._token}"}
        content = msgspec.json.encode(body) if body is not None else None
        if content is not None:
            headers["Content-Type"] = "application/json"
        with self.answering():
            answer = self._http.request(
                method,
                f"{self._base}/api/{path}",
                params=params,
                headers=headers,
                content=content,
                timeout=TIMEOUT if method == "GET" else LONG_TIMEOUT,
            )
            if not answer.is_success:
                told = dict(answer.headers)
                raise ApiError(headers=told, status_code=answer.status_code, body=_body(answer))
        return answer

    def read(self, path: str, params: dict[str, Any], form: type[T]) -> T:
        """What the API gives when it is only asked; read again while the server fails."""
        answer = again(lambda: self.ask("GET", path, params))
        with self.answering():
            return msgspec.json.decode(answer.content, type=form)

    def unless_missing(self, get: Callable[[], T]) -> T | None:
        """What ``get`` makes of an answer; None where the server says that there is none."""
        from label_studio_sdk.core.api_error import ApiError

        with self.answering():
            try:
                return get()
            except ApiError as error:
                if error.status_code == httpx.codes.NOT_FOUND:
                    return None
                raise

    @contextlib.contextmanager
    def answering(self) -> Iterator[None]:
        """Turn every exception of the SDK and of what lies below it into ours."""
        from label_studio_sdk.core.api_error import ApiError
        from label_studio_sdk.core.parse_error import ParsingError

        try:
            yield
            self._heard = True
        except (ApiError, ParsingError) as error:
            raise self._answered(error.status_code, error.body, error.headers) from error
        except (httpx.HTTPError, httpx.InvalidURL, httpx.StreamError, OSError) as error:
            raise self._silent(error) from error
        except (*UNREADABLE, msgspec.MsgspecError) as error:
            # The SDK does not check what it reads: an answer of another form ends up here.
            found = self._clean(f"{self.url} gave an answer that cannot be read: {error}")
            fix = "see that it is a Label Studio that this version of sikap knows"
            raise ServiceError(Problem(code="server-error", found=found, fix=fix)) from error

    def _silent(self, error: Exception) -> ServiceError:
        # What could not be read of a URL is repeated in pieces: there nothing is said of them.
        said = "" if self._user else f": {error}"
        detail = self._clean(f"{type(error).__name__}{said}")
        found = f"{self._clean(self.url)} does not answer ({detail})"
        fix = f"start it (sikap studio) or correct {URL_VARIABLE}, then run again"
        problem = Problem(code="no-server", found=found, fix=fix)
        lost = isinstance(error, httpx.TransportError)
        if lost and not isinstance(error, httpx.UnsupportedProtocol):
            return PassingError(problem, heard=self._heard)
        return ServiceError(problem)

    def _answered(
        self, status: int | None, body: object, headers: Mapping[str, str] | None
    ) -> ServiceError:
        if status in {httpx.codes.UNAUTHORIZED, httpx.codes.FORBIDDEN}:
            found = f"{self._clean(self.url)} refuses the token ({status})"
            fix = f"put a token from your account page there into {TOKEN_VARIABLE}"
            return ServiceError(Problem(code="token", found=found, fix=fix))
        found = self._clean(f"{self.url} answered {status}: {_said(body)}")
        fix = "see the server's log, then run again"
        if status == httpx.codes.NOT_FOUND:
            fix = f"{URL_VARIABLE} may be wrong: give the server's address alone, without a page"
        problem = Problem(code="server-error", found=found, fix=fix)
        if status in MAY_PASS or (status or 0) >= httpx.codes.INTERNAL_SERVER_ERROR:
            asked = httpx.Headers(headers or {}).get("retry-after")
            return PassingError(problem, retry_after(asked), heard=self._heard)
        return ServiceError(problem)

    def _clean(self, text: str) -> str:
        for secret, name in ((self._token, "(token)"), (self._user, "")):
            text = text.replace(secret, name) if secret else text
        return text[:600]


def _stay(answer: httpx.Response) -> None:
    """Raise ServiceError where a server sends us to another, or to where all can listen.

    httpx would keep the token back, but not what is sent; and what comes back is another's word.
    """
    if not answer.has_redirect_location:
        return
    here = answer.request.url
    there = here.join(answer.headers["location"])
    if there.host != here.host or there.scheme not in {here.scheme, "https"}:
        found = f"{here.host} sends us on to {there.scheme}://{there.host}"
        fix = f"if that is right, name it in {URL_VARIABLE}"
        raise ServiceError(Problem(code="server-error", found=found, fix=fix))


def _said(body: object) -> str:
    if isinstance(body, dict):
        telling = {key: body[key] for key in ("detail", "validation_errors") if key in body}
        return json.dumps(telling or body, default=str, ensure_ascii=False)
    text = str(body).strip()
    return "a web page" if text.startswith("<") else text


def _body(answer: httpx.Response) -> object:
    try:
        return answer.json()
    except ValueError:
        return answer.text
