"""The versions that make the numbers."""

from __future__ import annotations

import platform
from importlib.metadata import PackageNotFoundError, version

from hstdriz_study import __version__

PACKAGES = (
    "drizzlepac",
    "drizzle",
    "stwcs",
    "astropy",
    "photutils",
    "numpy",
    "mlflow",
    "hydra-core",
)


def versions() -> str:
    """Return a line for this program, Python and each package that makes or keeps numbers."""
    lines = {"hstdriz-study": __version__, "Python": platform.python_version()}
    lines |= {name: _version(name) for name in PACKAGES}
    width = max(map(len, lines))
    return "\n".join(f"{name:<{width}}  {found}" for name, found in lines.items())


def _version(package: str) -> str:
    try:
        return version(package)
    except PackageNotFoundError:
        return "not installed"
