"""A study in the browser: MLflow's pages on its own store, and the report."""

from __future__ import annotations

import getpass
import logging
import os
import platform
import signal
import sys
import webbrowser
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING

from hstdriz_study.errors import StudyError
from hstdriz_study.study.directory.layout import StudyDirectory
from hstdriz_study.study.track import SHOWN_HOST, require_tracked, serving
from hstdriz_study.study.track.link import LOOPBACK, page_root
from hstdriz_study.study.track.ticket import read_ticket
from hstdriz_study.study.track.uri import SERVERS, uri_family

if TYPE_CHECKING:
    from collections.abc import Iterator
    from types import FrameType

    from hstdriz_study.study.track.ticket import Ticket

log = logging.getLogger(__name__)

RUNS = Path("hstdriz-runs")


def show_study(study_dir: StudyDirectory | None = None) -> int:
    """Open the comparison of a study's points, and its report; serve them until Ctrl-C.

    A study on a server of its own is shown there, and nothing is started.

    Parameters
    ----------
    study_dir : `~hstdriz_study.study.directory.layout.StudyDirectory`, optional
        The newest study below ``hstdriz-runs`` by default.

    Returns
    -------
    int
        0: Ctrl-C, SIGTERM and a closed terminal are the ways to end it.

    Raises
    ------
    StudyError
        If there is no study, or its store cannot be shown.
    """
    study = study_dir or newest_study(RUNS)
    log.info("%s", study)
    ticket = read_ticket(study)
    require_tracked(ticket)
    if uri_family(ticket.tracking_uri) in SERVERS:
        _show(study, ticket, page_root(ticket.tracking_uri, ticket.ui_port))
        return 0
    try:
        with _ended_like_by_ctrl_c(), serving(ticket) as server:
            _show(study, ticket, server.root, server.port)
            server.wait()
    except KeyboardInterrupt:
        log.info("MLflow's server is ended")
    return 0


def newest_study(runs: Path) -> StudyDirectory:
    """Find the study whose ``study.json`` was written last, one or two directories below.

    Raises
    ------
    StudyError
        If there is none.
    """
    name = StudyDirectory(runs).description.name
    found = [*runs.glob(f"*/{name}"), *runs.glob(f"*/*/{name}")]
    if not found:
        raise StudyError(
            f"{runs}: holds no study here; name its directory: hstdriz-study ui STUDY_DIR"
        )
    return StudyDirectory(max(found, key=lambda path: path.stat().st_mtime).parent.absolute())


def _show(study: StudyDirectory, ticket: Ticket, root: str, port: int | None = None) -> None:
    """Print the links, and open the first of MLflow's pages and the report where one can."""
    pages = ticket.pages(root)
    has_display = _has_display()
    report = study.html.absolute().as_uri() if has_display else ticket.report_page(root)
    lines = [f"{name:<12} {link}" for name, link in pages.items()]
    if study.html.is_file():
        lines.append(f"{'Report':<12} {report}")
    if port is not None:
        lines += [*([] if has_display else _tunnel(port)), "Ctrl-C ends MLflow's server"]
    print("\n".join(lines), flush=True)  # noqa: T201
    if has_display:
        # The last one opened is the one in front.
        for link in [*([report] if study.html.is_file() else []), next(iter(pages.values()))]:
            webbrowser.open(link)


def _tunnel(port: int) -> list[str]:
    here = f"{getpass.getuser()}@{platform.node()}"
    lines = ["There is no display here. On the machine where you sit:"]
    lines.append(f"    ssh -N -L {port}:{LOOPBACK}:{port} {here}")
    if SHOWN_HOST != LOOPBACK:
        lines.append(f"and open the links there (in Safari with {LOOPBACK} for {SHOWN_HOST}).")
    return lines


def _has_display() -> bool:
    """Tell whether a browser opened here is seen; one of the terminal would take it over."""
    if os.environ.get("BROWSER"):
        return True
    if sys.platform in {"darwin", "win32"}:
        return "SSH_CONNECTION" not in os.environ
    return bool(os.environ.get("DISPLAY") or os.environ.get("WAYLAND_DISPLAY"))


@contextmanager
def _ended_like_by_ctrl_c() -> Iterator[None]:
    """Take SIGTERM, which stands for all of them here, for Ctrl-C: no server is left behind."""
    earlier = signal.signal(signal.SIGTERM, _interrupt)
    try:
        yield
    finally:
        signal.signal(signal.SIGTERM, earlier)


def _interrupt(_number: int, _frame: FrameType | None) -> None:
    raise KeyboardInterrupt
