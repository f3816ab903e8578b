"""The defaults of a study: what ``conf/`` says, read without Hydra."""

from __future__ import annotations

from dataclasses import fields, is_dataclass
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Any

from omegaconf import DictConfig, OmegaConf

import hstdriz_study
from hstdriz_study.study.config.schema import StudyConfig

if TYPE_CHECKING:
    from collections.abc import Mapping

_OWN_KEYS = "config.yaml"
# What every filter of every detector may leave out stands beside the detectors.
_ELSEWHERE = {"filter": "detector"}


def conf_directory() -> Path:
    """Return the checkout's ``conf/`` when there is one, else the copy inside the package."""
    package = Path(hstdriz_study.__file__).resolve().parent
    checkout = package.parent / "conf"
    return checkout if (checkout / _OWN_KEYS).is_file() else package / "conf"


def schema_with_defaults() -> DictConfig:
    """Return the schema with the shipped value of every key that has one."""
    schema = OmegaConf.structured(StudyConfig)
    schema.merge_with(shipped_defaults())
    return schema


@cache  # files of the package: they are the same as long as it runs
def shipped_defaults() -> Mapping[str, Any]:
    """Return what the ``default.yaml`` of each room and ``config.yaml`` say, not interpolated."""
    of_config = _read(_OWN_KEYS)
    return {
        item.name: _read(f"{_ELSEWHERE.get(item.name, item.name)}/default.yaml")
        if is_dataclass(item.default_factory)
        else of_config[item.name]
        for item in fields(StudyConfig)
    }


def shipped_cache_dir() -> str:
    """Return the cache directory that ``conf/`` says, in the present environment."""
    return str(OmegaConf.create({**shipped_defaults()["prepare"]}).cache_dir)


def _read(file: str) -> dict[str, Any]:
    content: Any = OmegaConf.to_container(OmegaConf.load(conf_directory() / file))
    return dict(content)
