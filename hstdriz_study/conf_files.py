"""Where the shipped configuration lies."""

from __future__ import annotations

from pathlib import Path


def conf_directory() -> Path:
    """Return the checkout's ``conf/`` when there is one, else the copy inside the package."""
    package = Path(__file__).resolve().parent
    checkout = package.parent / "conf"
    return checkout if (checkout / "config.yaml").is_file() else package / "conf"
