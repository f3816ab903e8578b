"""Whether a process of this machine has ended."""

from __future__ import annotations

import os
from contextlib import suppress
from pathlib import Path


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
