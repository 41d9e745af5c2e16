"""What goes wrong on the way to the Hub, as one of our errors, and its client kept quiet.

Whatever goes wrong below comes out as one error with a code, and the token is in none of them:

    place          a name that no dataset can have
    place-missing  no such dataset, revision or file
    token          401, 403, a gated or disabled dataset
    moved          409, 412: the branch is not where it was
    server-error   any other answer that is not what was asked for
    no-server      no answer
"""

import contextlib
import importlib
import logging
import warnings
from collections.abc import Iterator
from typing import Any

from sikap.errors import InputError, Problem, ServiceError, SikapError
from sikap.storage.urls import user_in

ENDPOINT = "HF_ENDPOINT"
TOKEN = "HF_TOKEN"  # noqa: S105 -- the name of a variable
TIMEOUT = 600.0
BELOW = {"huggingface_hub", "hf_xet", "httpx", "httpcore", "httpx2", "httpcore2", "filelock"}
"""The client and the packages below it, whose names depend on its version."""


class Failures:
    """Tells of failures without what must not be told: the token, and a user in the endpoint."""

    def __init__(self, token: str, endpoint: str) -> None:
        self._token = token
        self._user = user_in(endpoint)

    def ours(self, error: BaseException, where: str) -> SikapError:
        """Our error for a foreign one; ``where`` is the dataset and revision asked for."""
        from huggingface_hub import errors  # noqa: PLC0415

        wrapped = (RuntimeError, errors.LocalEntryNotFoundError, errors.RevisionResolutionError)
        while isinstance(error, wrapped) and error.__cause__ and is_foreign(error.__cause__):
            error = error.__cause__
        if isinstance(error, (errors.HFValidationError, errors.HfUriError)):
            found, fix = f"{where} is no name of a dataset", "write it as OWNER/NAME@REVISION"
            return InputError(Problem(code="place", found=self.clean(found), fix=fix))
        if isinstance(error, errors.HfHubHTTPError):
            return self._answered(error, where)
        silent = (errors.OfflineModeIsEnabled, errors.LocalEntryNotFoundError, OSError)
        if isinstance(error, (*silent, errors.RevisionResolutionError, below())):
            found = self.clean(f"{where} cannot be reached: {type(error).__name__}: {error}")
            fix = f"see to the network and {ENDPOINT}, or name a folder that is there; run again"
            return ServiceError(Problem(code="no-server", found=found, fix=fix))
        if isinstance(error, ValueError) and isinstance(error.__cause__, errors.HfHubHTTPError):
            found = self.clean(f"the Hub refuses what was sent to {where}: {error}")
            return ServiceError(
                Problem(code="server-error", found=found, fix="correct it, run again")
            )
        said = f"the Hub's answer on {where} cannot be read: {type(error).__name__}: {error}"
        fix = f"see that {ENDPOINT} names a Hub that this version of sikap knows"
        return ServiceError(Problem(code="server-error", found=self.clean(said), fix=fix))

    def _answered(self, error: Any, where: str) -> SikapError:  # noqa: ANN401 -- not imported yet
        from huggingface_hub import errors  # noqa: PLC0415

        status = getattr(error.response, "status_code", 0)
        said = self.clean(f"{where}: {status}: {error.server_message or error}")
        if isinstance(error, (errors.GatedRepoError, errors.DisabledRepoError)):
            status = 403
        missing = (errors.RevisionNotFoundError, errors.RemoteEntryNotFoundError)
        if isinstance(error, errors.RepositoryNotFoundError) and status != 403:
            whose = "this token" if self._token else "anybody without a token"
            found = f"the Hub has no dataset {where} that {whose} can see, nor is it a folder here"
            fix = f"correct the name, or set {TOKEN} to a token that may read it"
            return InputError(Problem(code="place-missing", found=found, fix=fix))
        if isinstance(error, missing):
            found, fix = f"the Hub has no {where}: {said}", "correct the revision"
            return InputError(Problem(code="place-missing", found=self.clean(found), fix=fix))
        if status in {401, 403}:
            fix = f"set {TOKEN} to a token that may do this"
            return ServiceError(Problem(code="token", found=f"the Hub refuses {said}", fix=fix))
        if status in {409, 412}:
            found = f"somebody else published meanwhile: {said}"
            fix = "nothing was sent over theirs; look at what they did, then run again"
            return ServiceError(Problem(code="moved", found=found, fix=fix))
        fix = f"see that {ENDPOINT} is right" if status == 404 else "wait a little, then run again"
        return ServiceError(Problem(code="server-error", found=f"the Hub answered {said}", fix=fix))

    def clean(self, text: str) -> str:
        """A text in one line, without secrets, cut where it is too long."""
        for secret, name in ((self._token, "(token)"), (self._user, "")):
            text = text.replace(secret, name) if secret else text
        return " ".join(text.split())[:600]


def below() -> type[Exception]:
    """The root of the errors of the HTTP library below, whose name depends on the version."""
    from huggingface_hub.errors import HfHubHTTPError  # noqa: PLC0415

    return next(kind for kind in HfHubHTTPError.__mro__[1:] if kind.__name__ == "HTTPError")


def is_foreign(error: BaseException | None) -> bool:
    """Whether an exception came out of the client, or out of what lies below it.

    It reads answers without checking them, so that one of another form raises about anything.
    """
    unread = (ValueError, TypeError, AttributeError, LookupError, AssertionError, RuntimeError)
    return type(error).__module__.partition(".")[0] in BELOW or isinstance(
        error, (OSError, *unread)
    )


@contextlib.contextmanager
def quiet() -> Iterator[None]:
    """Keep the client from printing: bars, logs and warnings, which may repeat what a server says.

    Also give it an end to its patience, of which it has no bounds.
    """
    utils: Any = importlib.import_module("huggingface_hub.utils")
    loggers = [logging.getLogger(name) for name in sorted(BELOW)]
    levels = [logger.level for logger in loggers]
    bars = not utils.are_progress_bars_disabled()
    utils.get_session().timeout = TIMEOUT
    try:
        for logger in loggers:
            logger.setLevel(logging.CRITICAL)
        utils.disable_progress_bars()
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            yield
    finally:
        for logger, level in zip(loggers, levels, strict=True):
            logger.setLevel(level)
        if bars:
            utils.enable_progress_bars()
