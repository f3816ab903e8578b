"""Simulated exposures aligned by TweakReg to a catalogue, and again by the shifts it left."""

from __future__ import annotations

import shutil
from dataclasses import replace
from typing import TYPE_CHECKING

import numpy as np
import pytest
from astropy.io import fits
from astropy.table import Table
from stwcs.wcsutil import HSTWCS

from hstdriz_study.dataset.copies import copy_name
from hstdriz_study.field import Field
from hstdriz_study.foreign import confined
from hstdriz_study.prepare.alignment import align
from hstdriz_study.prepare.references import reference_environment
from hstdriz_study.prepare.settings import AlignTo
from hstdriz_study.prepare.wcs import set_wcs
from hstdriz_study.progress import Part
from hstdriz_study.study.config import field_options

if TYPE_CHECKING:
    from pathlib import Path

MOVED_ARCSEC = np.array([0.3, -0.2])


@pytest.fixture(scope="module")
def field(compose_config, cache_dir):
    overrides = ["filter=f160w", "dataset.n_exposures=2", "prepare=tweakreg"]
    return Field(field_options(compose_config(*overrides, f"prepare.cache_dir={cache_dir}")))


@pytest.fixture(scope="module")
def aligned(field, tmp_path_factory):
    """Align copies of the exposures with other settings; return where the copies lie."""

    def run(**changes) -> Path:
        directory = tmp_path_factory.mktemp("aligned")
        settings = replace(field.options.prepare, **changes)
        inputs = [exposure.path for exposure in field.exposures.exposures]
        names = [copy_name(path) for path in inputs]
        for path, name in zip(inputs, names, strict=True):
            shutil.copyfile(path, directory / name)
        with confined(directory, reference_environment(field.reference_dirs), directory / "log"):
            set_wcs(names, inputs, settings)
            align(names, settings, directory)
        return directory

    return run


def test_tweakreg_tells_how_many_chips_it_has_searched(aligned, caplog) -> None:
    with caplog.at_level("INFO", "hstdriz_study"):
        aligned()
    said = [record.msg for record in caplog.records if isinstance(record.msg, Part)]
    searched = [(one.done, one.of) for one in said if "TweakReg" in one.step]
    assert searched == [(0, 2), (1, 2), (2, 2)]


def sky(directory: Path) -> np.ndarray:
    """Return the position of a pixel of each exposure, degrees, shape (N, 2)."""
    found = []
    for path in sorted(directory.glob("*_flt.fits")):
        with fits.open(path) as hdus:
            found.append(HSTWCS(hdus, ("SCI", 1)).all_pix2world(100.0, 90.0, 1))
    return np.array(found, float)


@pytest.fixture(scope="module")
def truth(field) -> Table:
    directory = field.exposures.exposures[0].path.parent
    return Table.read(directory / "truth" / "truth_f160w.ecsv")


@pytest.fixture(scope="module")
def to_catalogue(aligned, truth, tmp_path_factory) -> Path:
    east, north = MOVED_ARCSEC / 3600
    path = tmp_path_factory.mktemp("catalogue") / "stars.ecsv"
    ra = np.array(truth["ra"]) + east / np.cos(np.radians(np.array(truth["dec"])))
    Table({"RAJ2000": ra, "DEJ2000": np.array(truth["dec"]) + north}).write(path)
    to = AlignTo(path, expand_refcat=False, threshold=10.0, psf_fwhm_arcsec=0.2)
    return aligned(align_to=to)


def test_exposures_move_as_far_as_the_catalogue(aligned, to_catalogue):
    unaligned = sky(aligned(tweakreg=None))
    moved = (sky(to_catalogue) - unaligned) * 3600
    moved[:, 0] *= np.cos(np.radians(unaligned[:, 1]))
    assert moved == pytest.approx(np.tile(MOVED_ARCSEC, (2, 1)), abs=0.01)


def test_the_shift_file_of_an_alignment_gives_it_again(aligned, to_catalogue):
    again = aligned(tweakreg=None, shifts=to_catalogue / "shift.txt")
    assert (sky(again) - sky(to_catalogue)) * 3.6e6 == pytest.approx(0, abs=0.01)  # mas
    assert (again / "shift.txt").read_bytes() == (to_catalogue / "shift.txt").read_bytes()
