"""Bytes of images and processes: analytic where they are, as large as was measured elsewhere."""

from __future__ import annotations

import numpy as np
import pytest
from drizzle.resample import Drizzle

from hstdriz_study.contracts import DrizzleSettings, OutputGrid
from hstdriz_study.drizzle.grid import output_grid
from hstdriz_study.predict import needs


@pytest.mark.parametrize("scale", [0.03, 0.0499, 0.08, 0.13])
def test_shape_is_that_of_the_grid_that_is_drizzled_onto(scale: float) -> None:
    cd = ((-0.128 / 3600, 0.0), (0.0, 0.128 / 3600))
    native = OutputGrid((53.1, -27.8), (545.0, 482.0), cd, (963, 1089), 0.128, 0.0)
    settings = DrizzleSettings(scale, 0.8, "square", "EXP", None, None, None)
    assert needs.image_shape((963, 1089), 0.128, scale) == output_grid(native, settings).shape


def test_a_frame_takes_at_least_its_science_weights_and_the_positions_of_a_chip() -> None:
    image, chip = (700, 900), (300, 400)
    drizzled = Drizzle(out_shape=image, disable_ctx=True)
    positions = np.empty((*chip, 2))
    held = drizzled.out_img.nbytes + drizzled.out_wht.nbytes + positions.nbytes
    assert held < needs.point_memory("frame", image, chip) < 10 * held + 50_000_000


# Peaks of /proc/self/status RssAnon less those before, MB, on full frames of four exposures.
MEASURED = [
    ("fast", (7949, 7982), (2048, 4096), 111),
    ("fast", (4647, 4568), (1014, 1014), 101),
    ("frame", (2324, 2284), (1014, 1014), 82),
    ("frame", (4647, 4568), (1014, 1014), 226),
    ("frame", (4770, 4789), (2048, 4096), 502),
    ("frame", (7949, 7982), (2048, 4096), 822),
    ("astrodrizzle", (2324, 2284), (1014, 1014), 223),
    ("astrodrizzle", (4647, 4568), (1014, 1014), 408),
    ("astrodrizzle", (4770, 4789), (2048, 4096), 961),
    ("astrodrizzle", (7949, 7982), (2048, 4096), 1436),
]


@pytest.mark.parametrize(("engine", "image", "chip", "peak_mb"), MEASURED)
def test_no_process_was_seen_to_take_more_than_is_told(engine, image, chip, peak_mb) -> None:
    told = needs.point_memory(engine, image, chip) / 1e6
    assert peak_mb <= told
    if engine != "fast":  # whose boxes are more in a crowded field
        assert told <= 1.35 * peak_mb


def test_processes_are_as_many_as_have_room() -> None:
    assert needs.processes_that_fit(1000, 300) == 3
    assert needs.processes_that_fit(299, 300) == 0
    assert needs.processes_that_fit(None, 300) is None
