"""Commands that look at the points of a sweep and run none: ``preview``, ``check``, ``fetch``.

Hydra composes the same command line as for a sweep and calls a class of this module in place of
`hstdriz_study.cli.callbacks.StudyCallback`.
"""

from __future__ import annotations

from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Any

from hydra.experimental.callback import Callback

from hstdriz_study.cli.arguments import sweep_arguments
from hstdriz_study.cli.callbacks import leaving_on_failure, told_configs
from hstdriz_study.cli.distinct import distinct_points
from hstdriz_study.cli.points import composed_point, primary_of, swept_overrides
from hstdriz_study.errors import StudyError, trouble_of_the_disk

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from omegaconf import DictConfig

    from hstdriz_study.study.config import StudyConfig


class Unrun(Callback):
    """Look at the points of a sweep, then leave before anything is run or written by Hydra."""

    def look(self, points: Sequence[StudyConfig]) -> int:
        """Look at them from the current directory, and return the exit code."""
        raise NotImplementedError

    def on_multirun_start(self, config: DictConfig, **_: Any) -> None:
        """Compose and check the points, and look at them."""
        codes: list[int] = []

        def look() -> None:
            primary = primary_of(config.hydra)
            swept = distinct_points(swept_overrides(config), primary)
            points = [composed_point(point, primary) for point in swept]
            configs = told_configs(points)
            # here and below: what is imported brings much, and a mistyped key is told before that
            from hstdriz_study.study import check_together

            check_together(configs)
            with _nothing_to_go_on_with():
                codes.append(self.look(configs))

        leaving_on_failure(look)
        raise SystemExit(codes[0])


@contextmanager
def _nothing_to_go_on_with() -> Iterator[None]:
    """Say of trouble with a disk what to do where there is no study."""
    try:
        yield
    except OSError as error:
        if (trouble := trouble_of_the_disk(error)) is None:
            raise
        raise StudyError(f"{trouble}, then type the command again") from error


class PreviewCallback(Unrun):
    """Print the tables and draw the maps of what is foreseen."""

    def look(self, points: Sequence[StudyConfig]) -> int:
        """Return 0."""
        from hstdriz_study.study import preview_study

        preview_study(points, Path.cwd())
        return 0


class CheckCallback(Unrun):
    """Say whether the exposures are ready."""

    def look(self, points: Sequence[StudyConfig]) -> int:
        """Return 0, 1 where something is warned of, 2 where a filter cannot be used."""
        from hstdriz_study.study import check_points

        return check_points(points, Path.cwd())


class FetchCallback(Unrun):
    """Fetch the exposures of the filters."""

    def look(self, points: Sequence[StudyConfig]) -> int:
        """Return 0, 1 where a calibration file could not be had."""
        from hstdriz_study.study import fetch_points

        return fetch_points(points)


def arguments_of(callback: type[Unrun], arguments: Sequence[str]) -> list[str]:
    """Return what Hydra is given for the arguments of the command."""
    name = f"{callback.__module__}.{callback.__name__}"
    # beside other overrides: Hydra's parser takes them in one piece, with flags around it
    place = next((n for n, one in enumerate(arguments) if _is_override(one)), len(arguments))
    target = f"hydra.callbacks.study._target_={name}"
    return sweep_arguments([*arguments[:place], target, *arguments[place:]])


def _is_override(argument: str) -> bool:
    return "=" in argument and not argument.startswith("-")
