"""From the overrides a person typed to the validated configuration of every point."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache
from typing import TYPE_CHECKING, Any, NamedTuple

from hydra import compose
from omegaconf import DictConfig, OmegaConf

from hstdriz_study.cli.hydra_parts import (
    config_groups,
    kept_while_hydra_is,
    parsed_overrides,
    shorter_than_a_step,
    split_sweep,
    sweep_size,
)
from hstdriz_study.cli.sentences import hydra_in_one_sentence
from hstdriz_study.errors import ConfigError
from hstdriz_study.study.config import (
    StudyConfig,
    old_names_told,
    validate,
    with_absolute_paths,
    with_good_bits,
    with_kind,
    with_new_names,
)

if TYPE_CHECKING:
    from collections.abc import Collection, Sequence

    from hstdriz_study.cli.hydra_parts import Override


MAX_POINTS = 10_000  # hours of drizzling, and gigabytes of records


@dataclass(frozen=True)
class Primary:
    """What the points of a study are composed from, beside the overrides of each.

    Attributes
    ----------
    config_name : str
        Of the primary configuration (``--config-name``).
    searchpath : tuple of str
        The override of ``hydra.searchpath``, where there is one.
    """

    config_name: str = "config"
    searchpath: tuple[str, ...] = ()


SHIPPED = Primary()


def primary_of(hydra: Any) -> Primary:
    """Return what a run was composed from, given its ``hydra`` node."""
    searchpath = [item for item in hydra.overrides.hydra if item.startswith("hydra.searchpath=")]
    return Primary(str(hydra.job.config_name), tuple(searchpath))


class Composed(NamedTuple):
    """A configuration that can be run.

    Attributes
    ----------
    config : `~hstdriz_study.study.config.StudyConfig`
    told : tuple of str
        Of keys that were given by the name of an earlier version, and of good bits by date.
    """

    config: StudyConfig
    told: tuple[str, ...]


def typed(config: DictConfig) -> StudyConfig:
    """Return the configuration of `composed` alone."""
    return composed(config).config


def composed(config: DictConfig) -> Composed:
    """Resolve a composed configuration, check it against the schema and its ranges.

    Raises
    ------
    ConfigError
        In one sentence, for a key that does not exist (also one added with
        ``+key=``), a wrong type or a value out of range.
    """
    with hydra_in_one_sentence():
        merged = OmegaConf.to_object(_in_schema(config))
    overrides = OmegaConf.select(config, "hydra.overrides.task", default=())
    return checked(merged, [_parsed(override).key_or_group for override in overrides])


def _in_schema(config: DictConfig) -> Any:
    """Check keys and types; a value that must be given may still be missing."""
    # Hydra's own node cannot be resolved before a job runs
    own = OmegaConf.masked_copy(config, [str(key) for key in config if key != "hydra"])
    plain = OmegaConf.to_container(own, resolve=True)
    return OmegaConf.merge(OmegaConf.structured(StudyConfig), plain)


def checked(config: Any, keys: Collection[str]) -> Composed:
    """Check a configuration; settle whose data it is about, its good bits and its paths.

    Parameters
    ----------
    config : `~hstdriz_study.study.config.StudyConfig`
    keys : collection of str
        Those that were typed.

    Raises
    ------
    ConfigError
        For a value out of range, or one that another contradicts.
    """
    if not isinstance(config, StudyConfig):
        raise TypeError(f"composed a {type(config).__name__}")
    told, config = old_names_told(config), with_new_names(config)
    validate(config)
    config, of_bits = with_good_bits(with_kind(config, keys), _starts_mjd)
    return Composed(with_absolute_paths(config), (*told, *of_bits))


def _starts_mjd(config: StudyConfig) -> tuple[float, ...]:
    # here, because it brings FITS, which few configurations need
    from hstdriz_study.study.config import starts_mjd

    dataset, of = config.dataset, config.filter
    key = dataset.path, dataset.kind, *dataset.exclude, of.instrument, of.detector, of.filter
    known = _known_starts()
    if not known.get(key):
        known[key] = starts_mjd(config)
    return known[key]


@kept_while_hydra_is
def _known_starts() -> dict[tuple[str | None, ...], tuple[float, ...]]:
    return {}


def swept_overrides(config: DictConfig) -> list[tuple[str, ...]]:
    """Expand a sweep into the overrides of each point, as Hydra's basic sweeper does.

    Parameters
    ----------
    config : DictConfig
        The configuration of the whole multirun, with its ``hydra`` node.

    Raises
    ------
    ConfigError
        If the sweep cannot be expanded, or has too many points.
    """
    swept = dict(config.hydra.sweeper.params or {})
    lines = [f"{key}={value}" for key, value in swept.items()]
    lines += list(config.hydra.overrides.task)
    with hydra_in_one_sentence():
        n_points = sweep_size(lines)
        if n_points > MAX_POINTS:
            raise ConfigError(
                f"the sweep has {n_points} points, more than {MAX_POINTS}: take coarser steps, or "
                "a few values and refine=true, which adds points where the choice lies"
            )
        if short := shorter_than_a_step(lines):
            raise ConfigError(
                f"{short[0]}: is one value, as a range has steps of 1 unless told; write "
                "KEY=range(START,STOP,STEP)"
            )
        batch = split_sweep(lines)
        if not batch:
            raise ConfigError(
                f"the sweep has no point: {' '.join(one for one in lines if '(' in one)} gives no "
                "value; list the values instead, KEY=VALUE,VALUE"
            )
    return [tuple(point) for point in batch]


def point_config(overrides: tuple[str, ...], primary: Primary = SHIPPED) -> StudyConfig:
    """Return the configuration of `composed_point` alone."""
    return composed_point(overrides, primary).config


@kept_while_hydra_is
def composed_point(overrides: tuple[str, ...], primary: Primary = SHIPPED) -> Composed:
    """Return the validated configuration of one point.

    What Hydra would compose, fifty times faster: each combination of groups is
    composed and checked against the schema once; the plain values of a point
    are then set in it.

    Parameters
    ----------
    overrides : tuple of str
    primary : `Primary`, optional
        Without it the shipped ``conf/config.yaml``.

    Raises
    ------
    ConfigError
        If the point is not valid.
    """
    with hydra_in_one_sentence():
        parsed = [_parsed(override) for override in overrides]
        structural = tuple(str(item.input_line) for item in parsed if _is_structural(item))
        plain = {item.key_or_group: item.value() for item in parsed if not _is_structural(item)}
        # one configuration for each set of keys: every point sets all that another has set
        config = _composed(primary, structural, tuple(plain))
        for key, value in plain.items():
            OmegaConf.update(config, key, value)
        point = OmegaConf.to_object(config)
    return checked(point, [item.key_or_group for item in parsed])


def with_settings(
    overrides: Sequence[str], final_scale: float | str | None, final_pixfrac: float
) -> tuple[str, ...]:
    """Return the overrides of a point with another scale and pixfrac."""
    new = {
        "drizzle.final_scale": "null" if final_scale is None else final_scale,
        "drizzle.final_pixfrac": final_pixfrac,
    }
    kept = [override for override in overrides if _parsed(override).key_or_group not in new]
    return (*kept, *(f"{key}={value}" for key, value in new.items()))


@cache
def _parsed(override: str) -> Override:
    return parsed_overrides([override])[0]


def _is_structural(item: Override) -> bool:
    """Tell an override that chooses a file or adds a key from one that sets a value."""
    return item.key_or_group in _groups() or item.type.name != "CHANGE" or "/" in item.key_or_group


@kept_while_hydra_is
def _groups() -> frozenset[str]:
    return frozenset(config_groups())


@kept_while_hydra_is
def _composed(primary: Primary, overrides: tuple[str, ...], _: tuple[str, ...]) -> DictConfig:
    """Compose a configuration of the caller's own, without keys that the schema lacks."""
    config = compose(primary.config_name, overrides=[*primary.searchpath, *overrides])
    _in_schema(config)
    return config
