"""``hstdriz-study preview``: what a sweep is made of, without starting it.

Hydra composes the same command line as for a sweep and calls this module in place of
`hstdriz_study.cli.callbacks.StudyCallback`.
"""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any

from hydra.experimental.callback import Callback

from hstdriz_study.cli.arguments import sweep_arguments
from hstdriz_study.cli.callbacks import leaving_on_failure, told_configs
from hstdriz_study.cli.points import composed_point, primary_of, swept_overrides

if TYPE_CHECKING:
    from collections.abc import Sequence

    from omegaconf import DictConfig


def preview_arguments(arguments: Sequence[str]) -> list[str]:
    """Return what Hydra is given for the arguments of the command."""
    callback = f"{PreviewCallback.__module__}.{PreviewCallback.__name__}"
    return sweep_arguments([f"hydra.callbacks.study._target_={callback}", *arguments])


class PreviewCallback(Callback):
    """Preview the points of a sweep, then leave before anything is run or written by Hydra."""

    def on_multirun_start(self, config: DictConfig, **_: Any) -> None:
        """Print the tables and draw the maps into the current directory."""

        def preview() -> None:
            primary = primary_of(config.hydra)
            points = [composed_point(point, primary) for point in swept_overrides(config)]
            # here, because it brings photutils and matplotlib: a mistyped key is told at once
            from hstdriz_study.study import preview_study

            preview_study(told_configs(points), Path.cwd())

        leaving_on_failure(preview)
        raise SystemExit(0)
