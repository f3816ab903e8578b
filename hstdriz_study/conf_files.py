"""Where the shipped configuration lies."""

from __future__ import annotations

import sys
from pathlib import Path


def conf_directory() -> Path:
    """Return the checkout's ``conf/`` when there is one, else the copy inside the package."""
    # not __file__: what a key holds of these files is the values that were taken from them, so the
    # digest of code is not to read them
    package = Path(sys.modules[__name__.partition(".")[0]].__path__[0]).resolve()
    checkout = package.parent / "conf"
    return checkout if (checkout / "config.yaml").is_file() else package / "conf"
