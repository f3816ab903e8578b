"""From a configuration to what is fetched from the archive."""

from __future__ import annotations

import os
from pathlib import Path
from typing import TYPE_CHECKING

from hstdriz_study.fetch.settings import CrdsSettings, FetchSettings, Patience
from hstdriz_study.study.config.data import question_of
from hstdriz_study.study.config.dataset import set_reference_dirs, wanted_filter

if TYPE_CHECKING:
    from hstdriz_study.study.config.schema import StudyConfig


def fetch_settings(config: StudyConfig) -> FetchSettings:
    """Return what is fetched for ``config.filter``."""
    mast = config.dataset.mast
    return FetchSettings(
        question=question_of(mast),
        wanted=wanted_filter(config),
        folder=Path(str(config.dataset.path)),
        reference_dirs=set_reference_dirs(config),
        crds=CrdsSettings(_crds_server(mast.crds_server), Path(mast.crds_cache).expanduser()),
        patience=Patience(mast.attempts, mast.silence_s, mast.wait_s),
    )


_HUBBLES = "https://hst-crds.stsci.edu"
_OF_OTHERS = ("jwst", "roman", "serverless", "server-less")  # in CRDS_SERVER_URL


def _crds_server(asked: str | None) -> str:
    """Return the server that is asked for, or that of the environment if it is Hubble's."""
    named = os.environ.get("CRDS_SERVER_URL", "")
    if any(other in named for other in _OF_OTHERS):
        named = ""
    return (asked or named or _HUBBLES).rstrip("/")
