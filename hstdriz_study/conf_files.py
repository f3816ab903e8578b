"""Where the shipped configuration lies, and what its files say by themselves."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import Any


def conf_directory() -> Path:
    """Return the checkout's ``conf/`` when there is one, else the copy inside the package."""
    # not __file__: what a key holds of these files is the values that were taken from them, so the
    # digest of code is not to read them
    package = Path(sys.modules[__name__.partition(".")[0]].__path__[0]).resolve()
    checkout = package.parent / "conf"
    return checkout if (checkout / "config.yaml").is_file() else package / "conf"


def shipped_file(name: str) -> dict[str, Any]:
    """Return what a shipped file says, not composed with others and not interpolated."""
    # here, because the help of commands needs none of what it brings
    from omegaconf import OmegaConf

    content: Any = OmegaConf.to_container(OmegaConf.load(conf_directory() / name))
    return dict(content)


def shipped_filters() -> dict[str, dict[str, Any]]:
    """Return what the file of each shipped filter says, with that of its detector below it."""
    return {
        path.stem: _with_detector(shipped_file(f"filter/{path.name}"))
        for path in sorted((conf_directory() / "filter").glob("*.yaml"))
    }


def _with_detector(of_filter: dict[str, Any]) -> dict[str, Any]:
    detector, _, _ = of_filter["defaults"][0].lstrip("/").partition("@")
    return shipped_file(f"{detector}.yaml") | of_filter
