"""Records to the store as they are made, from a thread beside the work."""

from __future__ import annotations

import logging
import queue
import threading
from typing import TYPE_CHECKING, Self

from hstdriz_study.errors import TrackingError
from hstdriz_study.track.point import send_point
from hstdriz_study.track.study import open_study
from hstdriz_study.track.ticket import read_ticket

if TYPE_CHECKING:
    from pathlib import Path
    from types import TracebackType

log = logging.getLogger(__name__)


class PointSender:
    """Sends the records of one process.

    The store is slower to reach than a point is to run: MLflow takes seconds to
    import, a server may be away for minutes. When it cannot be reached the
    thread ends; what is unsent is sent when the study ends, or by
    ``hstdriz-study send``.

    Parameters
    ----------
    study_dir : `~pathlib.Path`
        Directory of a study that has its ticket.
    opens_store : bool
        Whether the thread makes the store ready first; only one process of a
        study may.

    Attributes
    ----------
    alone : `~threading.Lock`
        Held while the store is used. A process must be forked while it is free.
    """

    def __init__(self, study_dir: Path, *, opens_store: bool) -> None:
        self.alone = threading.Lock()
        self._study_dir = study_dir
        self._opens_store = opens_store
        self._waiting: queue.SimpleQueue[Path | None] = queue.SimpleQueue()
        self._thread = threading.Thread(target=self._serve, name="tracking", daemon=True)

    def __enter__(self) -> Self:
        self._thread.start()
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        if kind is None:
            self._waiting.put(None)
            self._thread.join()

    def send(self, point_dir: Path) -> None:
        """Send the record of a point as soon as its turn comes."""
        self._waiting.put(point_dir)

    def _serve(self) -> None:
        try:
            with self.alone:
                if not self._ready():
                    return
            while (point_dir := self._waiting.get()) is not None:
                with self.alone:
                    send_point(self._study_dir, point_dir)
        except (TrackingError, OSError) as error:  # a full disk takes no ticket either
            log.warning(
                "warning: %s; the study goes on, send it later: hstdriz-study send %s",
                error,
                self._study_dir,
            )

    def _ready(self) -> bool:
        if self._opens_store:
            open_study(self._study_dir)
        return read_ticket(self._study_dir).parent_run_id is not None
