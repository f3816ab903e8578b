"""The grid that the benchmarks run, and the configuration of its filters."""

from __future__ import annotations

from typing import TYPE_CHECKING

from hstdriz_study.cli.shipped import shipped_config

if TYPE_CHECKING:
    from pathlib import Path

    from hstdriz_study.study.config import StudyConfig

# final_scale in arcsec of the six scales; the ten pixfracs
SCALES = {
    "f814w": (0.025, 0.03, 0.035, 0.04, 0.045, 0.05),
    "f160w": (0.05, 0.06, 0.07, 0.08, 0.1, 0.13),
}
PIXFRACS = tuple(round(0.1 * step, 1) for step in range(1, 11))


def configuration(name: str, cache: Path, *overrides: str) -> StudyConfig:
    """Compose the configuration of one filter on synthetic exposures."""
    return shipped_config(f"filter={name}", f"prepare.cache_dir={cache}", *overrides)
