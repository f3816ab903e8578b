"""What ``study.json`` holds, as the objects it was written from."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from omegaconf import OmegaConf

from hstdriz_study.choose import HandbookPick, handbook_pick
from hstdriz_study.study.config import StudyConfig, schema_with_defaults
from hstdriz_study.study.directory.formats import Kind, read_stored

if TYPE_CHECKING:
    from collections.abc import Mapping

    from hstdriz_study.study.directory.layout import StudyDirectory


def read_study(study_dir: StudyDirectory) -> dict[str, Any]:
    """Return what ``study.json`` holds; raises as `read_stored`."""
    return read_stored(study_dir.description, Kind.STUDY)


def stored_config(stored: Mapping[str, Any]) -> StudyConfig:
    """Return a configuration that was written as a dict; keys it lacks take those of ``conf/``."""
    config = OmegaConf.to_object(OmegaConf.merge(schema_with_defaults(), stored))
    if not isinstance(config, StudyConfig):
        raise TypeError(f"the stored configuration is a {type(config).__name__}")
    return config


def stored_handbooks(study: Mapping[str, Any]) -> dict[str, HandbookPick]:
    """Return the rule of thumb's settings of each filter of a study."""
    return {
        name: handbook_pick(stored["wavelength_nm"], stored["native_scale_arcsec"])
        for name, stored in study["filter_configs"].items()
    }
