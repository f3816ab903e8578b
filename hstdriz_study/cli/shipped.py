"""The shipped configuration outside the command: for notebooks, benchmarks and tests."""

from __future__ import annotations

from typing import TYPE_CHECKING

from hydra import compose, initialize_config_dir

from hstdriz_study.cli.points import typed
from hstdriz_study.cli.registered import register
from hstdriz_study.conf_files import conf_directory

if TYPE_CHECKING:
    from hstdriz_study.study.config import StudyConfig


def shipped_config(*overrides: str) -> StudyConfig:
    """Compose the shipped configuration, checked as the command checks it.

    Parameters
    ----------
    overrides : str
        As on the command line, such as ``filter=f160w``.

    Raises
    ------
    ConfigError
        For a value out of range.
    """
    register()
    with initialize_config_dir(str(conf_directory()), version_base="1.3"):
        return typed(compose("config", overrides=list(overrides)))
