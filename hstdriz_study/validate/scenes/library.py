"""GalSim, or one sentence where it is missing."""

from __future__ import annotations

from importlib import import_module
from typing import Any

from hstdriz_study.errors import StudyError


def galsim() -> Any:
    """Import GalSim.

    Raises
    ------
    StudyError
        If it is not installed.
    """
    try:
        return import_module("galsim")
    except ImportError as error:
        raise StudyError(
            "the scenes need GalSim, which is not installed: pip install 'hstdriz-study[scenes]'"
        ) from error
