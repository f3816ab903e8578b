"""From what may fail for a while to what came in the end, or a sentence why it did not."""

from __future__ import annotations

import logging
import threading
import time
from typing import TYPE_CHECKING, TypeVar

from hstdriz_study.errors import DatasetError

if TYPE_CHECKING:
    from collections.abc import Callable

    from hstdriz_study.fetch.settings import Patience

log = logging.getLogger(__name__)

T = TypeVar("T")

_LONGEST_WAIT_S = 300.0


class PassingError(Exception):
    """Something that may be well when it is asked again.

    Attributes
    ----------
    wait_s : float
        What the server says is to be waited, if it does.
    """

    def __init__(self, what: str, wait_s: float = 0.0) -> None:
        super().__init__(what)
        self.wait_s = wait_s


def persistently(work: Callable[[], T], patience: Patience, what: str) -> T:
    """Do something until it is done, with longer and longer waits between attempts.

    Parameters
    ----------
    work : callable
        Raises `PassingError` for what may be well the next time.
    patience : `~hstdriz_study.fetch.settings.Patience`
    what : str
        It in words, as the subject of a sentence.

    Raises
    ------
    DatasetError
        After the last attempt, with the reason of it.
    """
    for attempt in range(1, patience.attempts + 1):
        try:
            return work()
        except PassingError as error:
            reason = error
        if attempt < patience.attempts:
            wait_s = _wait_s(attempt, reason, patience)
            log.warning(
                "%s: %s; asked again in %.3g s (%d of %d)",
                what, reason, wait_s, attempt + 1, patience.attempts,
            )  # fmt: skip
            time.sleep(wait_s)
    raise DatasetError(
        f"{what}: {reason} (asked {patience.attempts} times); the same command goes on where this "
        "one ended"
    )


def _wait_s(attempt: int, reason: PassingError, patience: Patience) -> float:
    return min(max(patience.wait_s * 2 ** (attempt - 1), reason.wait_s), _LONGEST_WAIT_S)


def within(seconds: float, work: Callable[[], T], who: str) -> T:
    """Wait so long for foreign code that has no time-out of its own.

    Its thread cannot be ended; it is left behind, and does not keep the process from ending.

    Raises
    ------
    PassingError
        If it has not answered by then.
    """
    came: list[T] = []
    failed: list[BaseException] = []

    def run() -> None:
        try:
            came.append(work())
        except BaseException as error:  # noqa: BLE001 - it is raised by who waits
            failed.append(error)

    thread = threading.Thread(target=run, daemon=True)
    thread.start()
    thread.join(seconds)
    if failed:
        raise failed[0]
    if not came:
        raise PassingError(f"{who} has not answered in {seconds:g} s")
    return came[0]
