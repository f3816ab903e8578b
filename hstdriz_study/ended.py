"""Whether a process of this machine has ended, such as the holder of a lock."""

from __future__ import annotations

import os
import socket
from contextlib import suppress
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from filelock import OwnerRecord


def has_ended(pid: int) -> bool:
    """Tell whether a process is gone, or has ended and nobody has asked for its exit code.

    Signals still reach the latter. Where the first process of a container never asks, it stays so
    for ever.
    """
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return True
    except PermissionError:
        return False  # alive, another user's
    with suppress(OSError):
        stat = Path(f"/proc/{pid}/stat").read_text(errors="replace")
        return stat.rpartition(")")[2].split()[0] == "Z"
    return False


def holder_has_ended(owner: OwnerRecord) -> bool:
    """Tell whether the holder of a lock was a process of this machine that has ended.

    For filelock a process lives as long as nobody has asked for its exit code.
    """
    return host_of(owner) == socket.gethostname() and has_ended(owner.pid)


def host_of(owner: OwnerRecord) -> str:
    """Return a holder's machine, without what filelock adds to tell containers apart."""
    return owner.hostname.partition("?")[0]
