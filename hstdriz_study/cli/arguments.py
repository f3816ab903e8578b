"""From what was typed to what Hydra is given."""

from __future__ import annotations

from contextlib import redirect_stderr
from io import StringIO
from typing import TYPE_CHECKING

from omegaconf import OmegaConf

from hstdriz_study.cli.hydra_parts import parsed_flags, parsed_overrides
from hstdriz_study.cli.meant import as_meant
from hstdriz_study.cli.sentences import hydra_in_one_sentence
from hstdriz_study.errors import ConfigError

if TYPE_CHECKING:
    from argparse import Namespace
    from collections.abc import Sequence

    from hstdriz_study.cli.hydra_parts import Override

# Flags of Hydra's that ask for something else than points, or for what it would do anyway.
_NOT_POINTS = ("cfg", "hydra_help", "info", "shell_completion", "experimental_rerun")
_SAID = ("run", "multirun")


def hydra_arguments(typed: Sequence[str]) -> list[str]:
    """Return what Hydra is given where no command is named.

    Values that are swept, and a directory to go on in, make a sweep; so does a study that
    sweeps, which Hydra finds when it composes (`register_mode`).

    Parameters
    ----------
    typed : sequence of str
        What stands behind ``hstdriz-study``.

    Raises
    ------
    ConfigError
        If an override or a flag cannot be read.
    """
    given, asked = _read(typed)
    said = any(getattr(asked, flag) for flag in (*_NOT_POINTS, *_SAID))
    if said or not any(map(_makes_a_sweep, _overrides(asked))):
        return given
    return ["--multirun", *given]


def sweep_arguments(typed: Sequence[str]) -> list[str]:
    """Return what Hydra is given for a sweep, of one value of everything too."""
    given, asked = _read(typed)
    return given if any(getattr(asked, flag) for flag in _NOT_POINTS) else ["--multirun", *given]


def point_arguments(typed: Sequence[str]) -> list[str]:
    """Return what Hydra is given for one point, of a study that sweeps too.

    Raises
    ------
    ConfigError
        If several values are given, and as `hydra_arguments`.
    """
    given, asked = _read(typed)
    for override in _overrides(asked):
        if override.is_sweep_override():
            raise ConfigError(
                f"{override.input_line}: several values are a sweep, hstdriz-study sweep …; "
                "one value with a comma needs quotes"
            )
    return [*given, "hydra.mode=RUN"]


def read_arguments(typed: Sequence[str]) -> list[str]:
    """Return what Hydra is given for what is neither points nor a sweep; raises as the others."""
    return _read(typed)[0]


def _read(typed: Sequence[str]) -> tuple[list[str], Namespace]:
    """Write what was typed as Hydra has it, and read Hydra's flags."""
    given = [as_meant(argument) for argument in typed]
    said = StringIO()
    try:
        with redirect_stderr(said):
            return given, parsed_flags(given)
    except SystemExit:
        reason = said.getvalue().strip().splitlines()[-1].partition("error: ")[2]
        raise ConfigError(f"{reason}; hstdriz-study --hydra-help lists Hydra's flags") from None


def _overrides(asked: Namespace) -> list[Override]:
    with hydra_in_one_sentence():
        return parsed_overrides(asked.overrides)


def _makes_a_sweep(override: Override) -> bool:
    return override.is_sweep_override() or override.key_or_group == "hydra.sweep.dir"


def register_mode() -> None:
    """Make ``hydra.mode`` of ``conf/config.yaml`` follow from what a study sweeps."""
    OmegaConf.register_new_resolver("mode_of", _mode_of, replace=True)


def _mode_of(swept: object) -> str | None:
    return "MULTIRUN" if swept else None
