"""The memory that preparing takes is foreseen from headers, and held against a real run."""

from __future__ import annotations

import multiprocessing
import pickle
import re
import subprocess
import sys
import warnings
from dataclasses import replace
from importlib import import_module
from pathlib import Path

import numpy as np
import pytest
from astropy.io import fits

from hstdriz_study.field import Field
from hstdriz_study.prepare.needs import (
    native_pixels,
    preparing_memory,
    preparing_processes,
    working_disk,
)
from hstdriz_study.study.config import field_options
from hstdriz_study.workers import cores

SIDE, SCALE_DEG = 100, 1e-5
# A field is prepared by a process that may take 60 MB more than its imports have taken.
LIMITED = """
import os, pickle, resource, sys
from importlib import import_module
from pathlib import Path
from hstdriz_study.errors import StudyError
from hstdriz_study.field import Field
from hstdriz_study.prepare.engines import needed_modules
field = Field(pickle.loads(Path(sys.argv[1]).read_bytes()))
field.exposures
for module in needed_modules(field.options.prepare):
    import_module(module)
taken = int(Path("/proc/self/statm").read_text().split()[0]) * os.sysconf("SC_PAGE_SIZE")
resource.setrlimit(resource.RLIMIT_AS, (taken + 60_000_000, resource.RLIM_INFINITY))
try:
    field.prepared
except StudyError as refused:
    sys.stdout.write(str(refused))
"""


@pytest.fixture(scope="module")
def _imported():
    """Import what preparing needs: its memory is not that of the work."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # of what is imported there
        for module in ("astrodrizzle", "tweakreg", "resetbits"):
            import_module(f"drizzlepac.{module}")


@pytest.fixture
def exposures(tmp_path):
    """Write exposures whose corners lie some pixels apart."""

    def write(*offsets_px, turned_deg=30.0, n_chips=1):
        turn = np.radians(turned_deg)
        cd = SCALE_DEG * np.array([[-np.cos(turn), np.sin(turn)], [np.sin(turn), np.cos(turn)]])
        paths = []
        for number, offset in enumerate(offsets_px):
            header = fits.Header(
                {
                    "CRPIX1": -offset[0], "CRPIX2": -offset[1], "CRVAL1": 10.0, "CRVAL2": 0.0,
                    "CD1_1": cd[0, 0], "CD1_2": cd[0, 1], "CD2_1": cd[1, 0], "CD2_2": cd[1, 1],
                }
            )  # fmt: skip
            chips = [
                fits.ImageHDU(np.zeros((SIDE, SIDE), "f4"), header, "SCI", ver=ver + 1)
                for ver in range(n_chips)
            ]
            paths.append(tmp_path / f"{number}.fits")
            fits.HDUList([fits.PrimaryHDU(), *chips]).writeto(paths[-1])
        return paths

    return write


def test_image_is_the_rectangle_of_all_chips_whatever_their_orientation(exposures):
    image, chips = native_pixels(exposures((0, 0), (50, 20)))
    assert image == pytest.approx(150 * 120, rel=0.01)
    assert chips == 2 * SIDE**2
    assert native_pixels([]) == (0, 0)


def test_memory_and_disk_grow_with_exposures_and_area(exposures):
    paths = exposures((0, 0), (0, 0), (5000, 5000), n_chips=2)
    one, two, apart = (preparing_memory(some) for some in (paths[:1], paths[:2], paths))
    assert one < two < apart
    assert working_disk(paths[:2]) == pytest.approx(2 * working_disk(paths[:1]), rel=0.01)


def test_processes_are_as_many_as_exposures_cores_and_memory_allow():
    chip = (1000, 1000)
    assert preparing_processes(1, chip, [chip]) == 1
    assert preparing_processes(1000, chip, [chip]) <= cores()
    assert preparing_processes(1000, (10**7, 10**7), [chip]) == 1


@pytest.mark.usefixtures("_imported")
@pytest.mark.skipif(sys.platform != "linux", reason="the peak of a part of a process: Linux alone")
def test_a_real_set_takes_about_what_is_foreseen(compose_config, cache_dir, tmp_path):
    config = compose_config("filter=f160w", "dataset=synthetic", f"prepare.cache_dir={cache_dir}")
    field = Field(field_options(config))
    foreseen = preparing_memory([exposure.path for exposure in field.exposures.exposures])
    anew = replace(field.options.prepare, cache_dir=tmp_path)
    child = multiprocessing.get_context("fork").Process(
        daemon=True,  # in which no further process is begun
        target=_keep_peak,
        args=(replace(field.options, prepare=anew), tmp_path / "peak"),
    )
    child.start()
    child.join()
    assert 0.3 * foreseen < int((tmp_path / "peak").read_text()) < 1.25 * foreseen


def test_preparing_without_memory_is_refused_before_anything_is_copied(
    compose_config, cache_dir, tmp_path
):
    config = compose_config("filter=f160w", "dataset=synthetic", f"prepare.cache_dir={cache_dir}")
    field = Field(field_options(config))
    _ = field.exposures
    field.options = replace(
        field.options, prepare=replace(field.options.prepare, cache_dir=tmp_path / "cache")
    )
    (tmp_path / "options").write_bytes(pickle.dumps(field.options))
    # from the start: one that has worked before may give memory back meanwhile
    command = [sys.executable, "-W", "ignore", "-c", LIMITED, tmp_path / "options"]
    said = subprocess.run(command, capture_output=True, text=True, check=True).stdout
    assert re.fullmatch(
        r"preparing f160w takes about \d+ MB of memory and \d+ [kM]B are left; .*", said
    )
    assert not list(tmp_path.glob("cache/prepared/*"))


def _keep_peak(options, kept):
    Path("/proc/self/clear_refs").write_text("5")  # the peak is what it has now
    before = _of_status("VmRSS")
    _ = Field(options).inspection
    kept.write_text(str(_of_status("VmHWM") - before))


def _of_status(name):
    lines = Path("/proc/self/status").read_text().splitlines()
    return next(1024 * int(line.split()[1]) for line in lines if line.startswith(name))
