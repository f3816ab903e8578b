"""From names of calibration files to copies of them: the only module that knows ``crds``."""

from __future__ import annotations

import hashlib
import logging
import shutil
import socket
from contextlib import contextmanager
from itertools import count
from pathlib import Path
from typing import TYPE_CHECKING

from hstdriz_study.errors import DatasetError, first_line
from hstdriz_study.fetch.attempts import PassingError, persistently
from hstdriz_study.fetch.whole import why_not_whole
from hstdriz_study.foreign import environment
from hstdriz_study.whole_files import written_whole

if TYPE_CHECKING:
    from collections.abc import Iterator

    from hstdriz_study.fetch.settings import CrdsSettings, Patience

OBSERVATORY = "hst"


class NotHadError(Exception):
    """A calibration file could not be had, and why."""


def fetch_reference(name: str, place: Path, settings: CrdsSettings, patience: Patience) -> None:
    """Copy a calibration file out of the cache of ``crds``, which fetches what is not in it.

    Parameters
    ----------
    name : str
        Of the file, without the ``iref$`` of headers.
    place : `~pathlib.Path`
        Where the copy is to be.
    settings : `~hstdriz_study.fetch.settings.CrdsSettings`
    patience : `~hstdriz_study.fetch.settings.Patience`

    Raises
    ------
    NotHadError
        If there is no ``crds``, no server, no such file, or what comes is not the server's.
    """
    with _crds(settings, patience):
        found = _found(name, patience)
    with found.open("rb") as stream, written_whole(place) as copy:
        shutil.copyfileobj(stream, copy)


def _found(name: str, patience: Patience) -> Path:
    """Return where a file is in the cache; one that is not the server's is fetched anew."""
    attempts = count()

    def attempt() -> Path:
        # crds keeps what it received damaged, and takes it for the file the next time
        path = _in_cache(name, anew=next(attempts) > 0)
        if not _is_right(name, path):
            raise PassingError("what came is not what the server says it is")
        return path

    return persistently(attempt, patience, name)


def _in_cache(name: str, *, anew: bool) -> Path:
    from crds.client import api
    from crds.core.exceptions import CrdsError

    try:
        return Path(api.dump_references(OBSERVATORY, [name], ignore_cache=anew)[name])
    except KeyError:
        raise NotHadError("crds cannot tell by its name of which instrument it is") from None
    except (CrdsError, OSError) as error:
        if "not known to CRDS server" in str(error):
            raise NotHadError("the server does not know it") from None
        raise PassingError(first_line(error)) from error


def _is_right(name: str, path: Path) -> bool:
    """Tell whether a file has the server's size and sum; without a server, whether it is whole."""
    from crds.client import api
    from crds.core.exceptions import CrdsNetworkError

    try:
        known = api.get_download_metadata()[name]
    except CrdsNetworkError:
        return why_not_whole(path) is None
    with path.open("rb") as stream:
        sha1 = hashlib.file_digest(stream, "sha1").hexdigest()
    return (path.stat().st_size, sha1) == (int(known["size"]), known["sha1sum"])


@contextmanager
def _crds(settings: CrdsSettings, patience: Patience) -> Iterator[None]:
    """Let ``crds`` work: for Hubble, with our server, cache and patience, and in silence."""
    variables = {
        "CRDS_OBSERVATORY": OBSERVATORY,
        "CRDS_SERVER_URL": settings.server,
        "CRDS_PATH": str(settings.cache),
        "CRDS_CLIENT_TIMEOUT_SECONDS": str(max(int(patience.silence_s), 1)),
    }
    logger, before = logging.getLogger("CRDS"), socket.getdefaulttimeout()
    level = logger.level
    with environment(variables):
        socket.setdefaulttimeout(patience.silence_s)  # its downloads have no time-out of their own
        logger.setLevel(logging.CRITICAL + 1)
        try:
            from crds.client import api

            logger.setLevel(logging.CRITICAL + 1)  # importing sets it
            api.set_crds_server(settings.server)
            yield
        except ImportError:
            raise NotHadError(
                "the crds package is not installed (pip install 'hstdriz-study[fetch]')"
            ) from None
        except SystemExit:  # what crds does in want of a server
            raise NotHadError(f"{settings.server} cannot be reached") from None
        except DatasetError as error:
            raise NotHadError(str(error)) from error
        finally:
            logger.setLevel(level)
            socket.setdefaulttimeout(before)
