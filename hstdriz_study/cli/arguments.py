"""From what was typed to what Hydra is given."""

from __future__ import annotations

from typing import TYPE_CHECKING

from omegaconf import OmegaConf

from hstdriz_study.cli.hydra_parts import parsed_flags, parsed_overrides
from hstdriz_study.cli.preview import preview_arguments

if TYPE_CHECKING:
    from argparse import Namespace
    from collections.abc import Sequence

    from hstdriz_study.cli.hydra_parts import Override

# refine is a group, of which Hydra would look for a file of this name
SHORT_FOR = {f"refine={word}": f"refine.enabled={word}" for word in ("true", "false")}
# Flags of Hydra's that ask for something else than points, or for what it would do anyway.
_NOT_POINTS = ("cfg", "help", "hydra_help", "info", "shell_completion", "experimental_rerun")
_SAID = ("run", "multirun")


def hydra_arguments(arguments: Sequence[str]) -> list[str]:
    """Return what Hydra is given for the arguments of a command that runs points.

    Nothing at all is a call for help. Values that are swept, and a directory to go on
    in, make a sweep; so does a study that sweeps, which Hydra finds when it composes
    (`register_mode`).

    Parameters
    ----------
    arguments : sequence of str
        What stands behind ``hstdriz-study``.

    Raises
    ------
    HydraException
        If an override cannot be read.
    SystemExit
        If a flag cannot.
    """
    if not arguments:
        return ["--help"]
    given = [SHORT_FOR.get(argument, argument) for argument in arguments]
    if given[0] == "preview":
        return preview_arguments(given[1:])
    return ["--multirun", *given] if _is_sweep(parsed_flags(given)) else given


def _is_sweep(asked: Namespace) -> bool:
    if any(getattr(asked, flag) for flag in (*_NOT_POINTS, *_SAID)):
        return False
    return any(map(_makes_a_sweep, parsed_overrides(asked.overrides)))


def _makes_a_sweep(override: Override) -> bool:
    return override.is_sweep_override() or override.key_or_group == "hydra.sweep.dir"


def register_mode() -> None:
    """Make ``hydra.mode`` of ``conf/config.yaml`` follow from what a study sweeps."""
    OmegaConf.register_new_resolver("mode_of", _mode_of, replace=True)


def _mode_of(swept: object) -> str | None:
    return "MULTIRUN" if swept else None
