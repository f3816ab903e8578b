"""What a tracking store raised, in the words of what is the matter and what to do."""

from __future__ import annotations

import re
import socket
from typing import TYPE_CHECKING

from hstdriz_study.errors import first_line
from hstdriz_study.study.track.mlflow_parts import LOCK_TIMEOUT_S

if TYPE_CHECKING:
    from collections.abc import Iterator

# MLflow's rest_utils tells the status in its text alone, urllib3 after it has asked again.
_STATUS = re.compile(r"error code ([345]\d\d)\b|too many ([345]\d\d) error|^([345]\d\d) ")
_MEANING = {
    401: "it does not know you (status 401); set MLFLOW_TRACKING_USERNAME and "
    "MLFLOW_TRACKING_PASSWORD, or MLFLOW_TRACKING_TOKEN",
    403: "it does not let you (status 403); ask its administrator for the right to write there",
    404: "it is no MLflow server, or an old one (status 404); check the address",
    413: "it takes no file as large as that (status 413); ask its administrator",
}
_ITS_OWN_FAULT = 500
# What PostgreSQL says, whatever driver passes it on.
_OF_DATABASES = {
    r"password authentication failed|no password supplied|no pg_hba.conf entry": "it does not know "
    "you; give the password in ~/.pgpass or PGPASSWORD",
    r"too many (clients|connections)|remaining connection slots": "it takes no more connections; "
    "let other programs end",
    r"(?P<what>database \"[^\"]*\") does not exist": "{what} does not exist; make it (createdb)",
    r"permission denied for (?P<what>\w+ \w+)": "it does not let you use {what}; ask its owner for "
    "the right to read and write it",
    r"read-only transaction": "it may only be read at present",
    r"No space left on device": "its disk is full",
    r"lock timeout": "another program has kept it locked for {lock_s} s",
    r"is (starting up|shutting down|in recovery mode)|due to administrator command|due to crash of "
    r"another|server closed the connection|connection is lost": "it is being restarted",
}
_NO_ANSWER = {
    ConnectionRefusedError: "no server answers there",
    ConnectionResetError: "it ends connections without an answer",
    TimeoutError: "it does not answer in time",
    socket.gaierror: "no machine of that name is known here",
}


def what_is_wrong(error: BaseException) -> str:
    """Return a phrase for a sentence: what a person can do, as far as that is known."""
    if isinstance(error, ModuleNotFoundError):
        return f"{error}: pip install 'hstdriz-study[postgresql]', or the database's own driver"
    for raised in _chain(error):
        for kind, words in _NO_ANSWER.items():
            if isinstance(raised, kind):
                return words
    return _of_database(error) or _of_status(_status(error)) or first_line(error)


def _of_database(error: BaseException) -> str | None:
    for raised in _chain(error):
        for words, meaning in _OF_DATABASES.items():
            if found := re.search(words, str(raised)):
                return meaning.format(lock_s=LOCK_TIMEOUT_S, **found.groupdict())
    return None


def _of_status(status: int | None) -> str | None:
    if status is None:
        return None
    if status >= _ITS_OWN_FAULT:
        return f"the server fails by itself (status {status})"
    return _MEANING.get(status, f"it refuses with status {status}")


def _status(error: BaseException) -> int | None:
    """Return the status of an answer that was an error; MLflow's own errors have none in words."""
    for raised in _chain(error):
        found = _STATUS.search(str(raised))
        if found is not None:
            return int(next(filter(None, found.groups())))
    return None


def _chain(error: BaseException) -> Iterator[BaseException]:
    """Give an error and what it was raised from, urllib3's reasons included."""
    seen: set[int] = set()
    waiting = [error]
    while waiting:
        one = waiting.pop(0)
        if id(one) in seen:
            continue
        seen.add(id(one))
        yield one
        causes = (one.__cause__, one.__context__, getattr(one, "reason", None), *one.args)
        waiting += [cause for cause in causes if isinstance(cause, BaseException)]
