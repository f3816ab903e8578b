"""From names of calibration files to copies of them: the only module that knows ``crds``."""

from __future__ import annotations

import hashlib
import shutil
import socket
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING

from hstdriz_study.errors import first_line
from hstdriz_study.fetch.whole import why_not_whole
from hstdriz_study.foreign import confined
from hstdriz_study.guard import temporary_directory
from hstdriz_study.json_files import written_whole

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
        # a file that is there was once trusted without a look: crds keeps a damaged one for good
        for anew in (False, True):
            found = _in_cache(name, anew=anew)
            if _is_right(name, found):
                break
        else:
            raise NotHadError("what comes is not what the server says it is")
    with found.open("rb") as stream, written_whole(place) as copy:
        shutil.copyfileobj(stream, copy)


def _in_cache(name: str, *, anew: bool) -> Path:
    from crds.client import api

    return Path(api.dump_references(OBSERVATORY, [name], ignore_cache=anew)[name])


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
        "CRDS_CLIENT_RETRY_COUNT": str(patience.attempts),
        "CRDS_CLIENT_RETRY_DELAY_SECONDS": str(int(patience.wait_s)),
        "CRDS_CLIENT_TIMEOUT_SECONDS": str(int(max(patience.silence_s, 1))),
    }
    before = socket.getdefaulttimeout()
    with temporary_directory("crds") as scratch, confined(scratch, variables, scratch / "log"):
        socket.setdefaulttimeout(patience.silence_s)  # its downloads have no time-out of their own
        try:
            from crds.client import api

            api.set_crds_server(settings.server)
            yield
        except ImportError:
            raise NotHadError(
                "the crds package is not installed (pip install 'hstdriz-study[fetch]')"
            ) from None
        except SystemExit:  # what crds does in want of a server
            raise NotHadError(f"{settings.server} cannot be reached") from None
        except NotHadError:
            raise
        except Exception as error:  # its own derive from Exception alone
            raise NotHadError(first_line(error)) from error
        finally:
            socket.setdefaulttimeout(before)
