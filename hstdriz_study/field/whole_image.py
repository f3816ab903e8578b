"""The exposures of a filter drizzled into one image."""

from __future__ import annotations

from typing import TYPE_CHECKING

from hstdriz_study.drizzle import drizzle, drizzle_frame, weighting

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping
    from pathlib import Path

    from hstdriz_study.contracts import Drizzled, DrizzleSettings, PreparedFilter

    Engine = Callable[[PreparedFilter, DrizzleSettings, Mapping[str, Path], Path], Drizzled]

LOG_NAME = "astrodrizzle.log"


def astrodrizzle_image(
    prepared: PreparedFilter,
    settings: DrizzleSettings,
    reference_dirs: Mapping[str, Path],
    log_dir: Path,
) -> Drizzled:
    """Drizzle with AstroDrizzle, whose log goes to ``log_dir``."""
    log_file = log_dir / LOG_NAME
    return drizzle(prepared, settings, reference_dirs=reference_dirs, log_file=log_file)


def frame_image(
    prepared: PreparedFilter,
    settings: DrizzleSettings,
    reference_dirs: Mapping[str, Path],
    _: Path | None = None,
    *,
    n_processes: int = 1,
) -> Drizzled:
    """Drizzle with the fast engine."""
    pixel_weights = weighting(prepared, settings, reference_dirs=reference_dirs)
    return drizzle_frame(prepared, settings, pixel_weights, n_processes)


IMAGES: dict[str, Engine] = {"frame": frame_image, "astrodrizzle": astrodrizzle_image}
"""What drizzles a whole image, by the name of the engine."""
