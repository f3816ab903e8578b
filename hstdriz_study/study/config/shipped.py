"""The defaults of a study: what ``conf/`` says, read without Hydra."""

from __future__ import annotations

from dataclasses import fields, is_dataclass
from functools import cache
from typing import TYPE_CHECKING, Any

from omegaconf import DictConfig, OmegaConf

from hstdriz_study.conf_files import shipped_file
from hstdriz_study.study.config.schema import StudyConfig

if TYPE_CHECKING:
    from collections.abc import Mapping

_OWN_KEYS = "config.yaml"
# What every filter of every detector may leave out stands beside the detectors.
_ELSEWHERE = {"filter": "detector"}


def schema_with_defaults() -> DictConfig:
    """Return the schema with the shipped value of every key that has one."""
    schema = OmegaConf.structured(StudyConfig)
    schema.merge_with(shipped_defaults())
    return schema


@cache  # files of the package: they are the same as long as it runs
def shipped_defaults() -> Mapping[str, Any]:
    """Return what the ``default.yaml`` of each room and ``config.yaml`` say, not interpolated."""
    of_config = shipped_file(_OWN_KEYS)
    return {
        item.name: shipped_file(f"{_ELSEWHERE.get(item.name, item.name)}/default.yaml")
        if is_dataclass(item.default_factory)
        else of_config[item.name]
        for item in fields(StudyConfig)
    }


def shipped_cache_dir() -> str:
    """Return the cache directory that ``conf/`` says, in the present environment."""
    return str(OmegaConf.create({**shipped_defaults()["prepare"]}).cache_dir)
