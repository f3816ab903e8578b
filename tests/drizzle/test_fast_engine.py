"""The fast engine against AstroDrizzle's own product, pixel by pixel."""

from dataclasses import dataclass, replace
from pathlib import Path

import numpy as np
import pytest
from astropy.io import fits
from hypothesis import given, settings
from hypothesis import strategies as st

from hstdriz_study.contracts import BoxStack, Drizzled, OutputGrid
from hstdriz_study.drizzle import (
    BoxInputs,
    drizzle_frame,
    grid_wcs,
    output_grid,
    weighting,
)
from hstdriz_study.errors import DrizzleError
from hstdriz_study.foreign import confined
from hstdriz_study.prepare.pixmap import chip_map, pixel_maps
from hstdriz_study.study.config import drizzle_settings

pytestmark = pytest.mark.endtoend

INSTRUMENTS = ("f160w", "f814w")


@dataclass(frozen=True)
class Differences:
    """Largest differences at kept pixels, in the units of the tolerances."""

    sci: float
    wht: float
    n_over: int
    n_pixels: int


def differences(reference: Drizzled, other: Drizzled) -> Differences:
    """Compare where the weight is a thousandth of its median or more.

    Science differences count in 1e-5 of the sky's RMS, or in 1e-6 of the pixel where that is
    more; weights in 1e-6 of the median weight.
    """
    assert reference.sci.shape == other.sci.shape
    median = np.median(reference.wht[reference.wht > 0])
    kept = reference.wht >= 1e-3 * median
    a, b = reference.sci[kept].astype(float), other.sci[kept].astype(float)
    sky_rms = 1.4826 * np.median(np.abs(a - np.median(a)))
    sci = np.abs(a - b) / np.maximum(1e-5 * sky_rms, 1e-6 * np.abs(a))
    wht = np.abs(reference.wht[kept].astype(float) - other.wht[kept]) / (1e-6 * median)
    # a pixel without data in one of them counts as over
    over = ~(sci <= 1) | ~(wht <= 1)
    return Differences(np.nanmax(sci), np.nanmax(wht), int(over.sum()), over.size)


@pytest.fixture
def both(prepared_set, tmp_path):
    """One point drizzled by AstroDrizzle and by the fast engine."""

    def run(name, **changes):
        item = prepared_set(name)
        point = replace(drizzle_settings(item.config), **changes)
        return tuple(
            item.field.image(point, engine, tmp_path) for engine in ("astrodrizzle", "frame")
        )

    return run


POINTS = {
    "fine": {"final_scale_arcsec": 0.033, "final_pixfrac": 0.4},
    "rotated": {"final_scale_arcsec": 0.06, "final_pixfrac": 0.8, "final_rot": 37.0},
    "as-observed": {"final_scale_arcsec": None, "final_pixfrac": None, "final_rot": None},
    "coarse": {"final_scale_arcsec": 0.2, "final_pixfrac": 1.0},
    "moved": {"final_scale_arcsec": 0.06, "final_pixfrac": 0.5, "grid_phase": (0.3, -0.45)},
    "point": {"final_scale_arcsec": 0.07, "final_pixfrac": 0.5, "final_kernel": "point"},
    "turbo": {"final_scale_arcsec": 0.07, "final_pixfrac": 0.5, "final_kernel": "turbo"},
    "gaussian": {"final_scale_arcsec": 0.07, "final_pixfrac": 0.5, "final_kernel": "gaussian"},
    "other-bits": {"final_scale_arcsec": 0.07, "final_pixfrac": 0.5, "final_bits": 64 + 512},
    "all-but-some-bits": {"final_scale_arcsec": 0.07, "final_pixfrac": 0.5, "final_bits": ~4},
    "no-flags": {"final_scale_arcsec": 0.07, "final_pixfrac": 0.5, "final_bits": None},
    "no-flags-ERR": {"final_scale_arcsec": 0.07, "final_wht_type": "ERR", "final_bits": None},
    "ERR": {"final_scale_arcsec": 0.05, "final_pixfrac": 0.6, "final_wht_type": "ERR"},
    "IVM": {"final_scale_arcsec": 0.07, "final_pixfrac": 0.6, "final_wht_type": "IVM"},
}


@pytest.mark.parametrize("name", INSTRUMENTS)
@pytest.mark.parametrize("point", POINTS)
def test_every_kept_pixel_is_astrodrizzles_own(both, name, point):
    found = differences(*both(name, **POINTS[point]))
    # drops of turbo and gaussian begin and end at whole pixels: rounding can move one by one
    allowed = 1e-5 if point in ("turbo", "gaussian") else 0.0
    assert found.n_over <= allowed * found.n_pixels, found


@pytest.mark.parametrize("name", INSTRUMENTS)
def test_a_reference_image_gives_its_grid(both, tmp_path, name):
    reference, _ = both(name, final_scale_arcsec=0.11, final_pixfrac=1.0, final_rot=15.0)
    rows, columns = (size // 2 for size in reference.sci.shape)
    header = reference.wcs.to_header()
    names = ("CD1_1", "CD1_2", "CD2_1", "CD2_2")
    header.update(zip(names, reference.wcs.wcs.cd.ravel(), strict=True))
    for key in ("PC1_1", "PC1_2", "PC2_1", "PC2_2", "CDELT1", "CDELT2"):
        header.remove(key, ignore_missing=True)
    path = tmp_path / "reference_drz.fits"
    # smaller than the mosaic, with another tangent point
    header["CRVAL1"] += 0.001
    cropped = fits.ImageHDU(reference.sci[:rows, :columns], header, name="SCI")
    fits.HDUList([fits.PrimaryHDU(), cropped]).writeto(path)
    same, fast = both(name, final_refimage=path, final_scale_arcsec=None, final_rot=None)
    assert same.sci.shape == fast.sci.shape == (rows, columns)
    assert differences(same, fast).n_over == 0
    np.testing.assert_allclose(fast.wcs.wcs.crval, same.wcs.wcs.crval, rtol=0, atol=1e-12)
    rescaled = both(name, final_refimage=path, final_scale_arcsec=0.07, final_rot=40.0)
    assert differences(*rescaled).n_over == 0


def test_the_users_own_ivm_files_are_the_weights(both, prepared_set, tmp_path):
    item = prepared_set("f160w")
    rng = np.random.default_rng(3)
    for path in item.prepared.exposures:
        own = fits.ImageHDU(rng.uniform(1, 4, (336, 336)).astype(np.float32), name="IVM")
        own.ver = 1
        name = path.name.replace("_flt", "_ivm")
        fits.HDUList([fits.PrimaryHDU(), own]).writeto(tmp_path / name)
    reference, fast = both(
        "f160w", ivm_path=tmp_path, final_wht_type="IVM", final_scale_arcsec=0.08,
        final_pixfrac=0.7,
    )  # fmt: skip
    assert differences(reference, fast).n_over == 0


def test_lanczos3_is_refused_with_the_reason(prepared_set):
    item = prepared_set("f160w")
    point = replace(drizzle_settings(item.config), final_kernel="lanczos3")
    with pytest.raises(DrizzleError, match=r"lanczos3 differs .* drizzle.engine=astrodrizzle"):
        drizzle_frame(item.prepared, point, weighting(item.prepared, point, reference_dirs={}))


@st.composite
def grids(draw):
    """Undistorted grids of any size and orientation."""
    scale, tilt = draw(st.sampled_from([0.05, 0.128])), draw(st.floats(-179, 179))
    rows, columns = draw(st.tuples(st.integers(3, 4000), st.integers(3, 4000)))
    cosine, sine = np.cos(np.radians(tilt)), np.sin(np.radians(tilt))
    (a, b), (c, d) = scale / 3600 * np.array([[-cosine, sine], [sine, cosine]])
    return OutputGrid(
        crval_deg=(150.0, 2.2), crpix=(columns / 2, rows / 2), cd=((a, b), (c, d)),
        shape=(rows, columns), scale_arcsec=scale,
        orientation_deg=float(np.degrees(np.arctan2(b, d))),
    )  # fmt: skip


@settings(max_examples=40, deadline=None)
@given(start=grids(), scale=st.floats(0.02, 0.4), rot=st.floats(-180, 180))
def test_the_grid_is_that_of_drizzlepac(tmp_path_factory, prepared_set, start, scale, rot):
    item = prepared_set("f160w")
    point = replace(drizzle_settings(item.config), final_scale_arcsec=scale, final_rot=rot)
    mine = output_grid(start, point)
    log = tmp_path_factory.mktemp("merge")
    with confined(log, {}, log / "log"):
        from drizzlepac.wcs_functions import mergeWCS

        default = grid_wcs(start)
        default.pscale, default.orientat = start.scale_arcsec, start.orientation_deg
        wanted = dict.fromkeys(("ra", "dec", "outnx", "outny", "crpix1", "crpix2"))
        theirs = mergeWCS(default, wanted | {"scale": scale, "rot": rot})
    assert mine.shape == theirs.array_shape
    np.testing.assert_allclose(mine.crpix, theirs.wcs.crpix, rtol=0, atol=1e-8)
    np.testing.assert_allclose(mine.cd, theirs.wcs.cd, rtol=0, atol=1e-18)


@pytest.mark.parametrize("name", INSTRUMENTS)
@pytest.mark.parametrize("scale", [0.031, 0.128])
def test_the_pixel_map_is_drizzlepacs(prepared_set, tmp_path, name, scale):
    item = prepared_set(name)
    chip = item.prepared.chips[-1]
    point = replace(drizzle_settings(item.config), final_scale_arcsec=scale, final_rot=12.0)
    grid = output_grid(item.prepared.mosaic, point)
    corner = np.zeros(1, int)
    ours = pixel_maps(chip_map(chip.sky_nodes, grid).nodes, corner, corner, chip.shape)[0]
    rows, columns = (index.ravel()[::17] for index in np.indices(chip.shape))
    with confined(tmp_path, {}, tmp_path / "log"):
        from drizzlepac import cdriz
        from stwcs.wcsutil import HSTWCS

        with fits.open(chip.exposure) as hdus:
            mapping = cdriz.DefaultWCSMapping(
                HSTWCS(hdus, ("SCI", chip.extver)), grid_wcs(grid), *chip.shape[::-1], 10
            )
        x, y = mapping(columns + 1.0, rows + 1.0)
    theirs = np.stack([x, y], axis=-1) - 1
    np.testing.assert_allclose(ours[rows, columns], theirs, rtol=0, atol=1e-8)


@pytest.mark.parametrize("name", INSTRUMENTS)
@settings(max_examples=12, deadline=None)
@given(data=st.data())
def test_boxes_and_bands_hold_the_pixels_of_the_frame(prepared_set, name, data):
    item = prepared_set(name)
    kernel = data.draw(st.sampled_from(["square", "turbo", "gaussian", "point"]))
    native = item.prepared.mosaic.scale_arcsec
    point = replace(
        drizzle_settings(item.config),
        final_scale_arcsec=native * data.draw(st.floats(0.4, 2.0)),
        final_pixfrac=data.draw(st.floats(0.05, 1.0)),
        final_rot=data.draw(st.sampled_from([None, 0.0, 77.0])),
        final_kernel=kernel,
    )
    weights = weighting(item.prepared, point, reference_dirs={})
    frame = drizzle_frame(item.prepared, point, weights)
    in_bands = drizzle_frame(item.prepared, point, weights, n_processes=3)
    assert np.array_equal(in_bands.sci, frame.sci, equal_nan=True)
    assert np.array_equal(in_bands.wht, frame.wht)
    grid = output_grid(item.prepared.mosaic, point)
    rng = np.random.default_rng(data.draw(st.integers(0, 10**6)))
    stacks = [_boxes(rng, grid, side) for side in rng.integers(1, 41, 8).tolist()]
    drizzled = BoxInputs(item.prepared, grid, stacks, kernel, weights).drizzle(point)
    for stack, (sci, wht) in zip(stacks, drizzled, strict=True):
        offsets = np.arange(stack.side) - (stack.side - 1) / 2
        wanted = np.hypot(*np.meshgrid(offsets, offsets)) <= (stack.radius_px or stack.side)
        for one_sci, one_wht, x0, y0 in zip(sci, wht, stack.x0, stack.y0, strict=True):
            box = slice(y0, y0 + stack.side), slice(x0, x0 + stack.side)
            their_sci, their_wht = frame.sci[box][wanted], frame.wht[box][wanted]
            # the last bits of single precision: positions are counted from another origin
            np.testing.assert_allclose(one_wht[wanted], their_wht, rtol=3e-7, atol=1e-4)
            np.testing.assert_allclose(
                one_sci[wanted], their_sci, rtol=1e-6, atol=1e-6, equal_nan=True
            )


def _boxes(rng: np.random.Generator, grid: OutputGrid, side: int) -> BoxStack:
    """Draw thirty squares of a side, or circles in them."""
    x0, y0 = (rng.integers(0, max(1, length - side), 30) for length in grid.shape[::-1])
    radius_px = rng.uniform(1.0, 0.7 * side + 1.0) if rng.random() < 0.5 else None
    return BoxStack(x0, y0, side, radius_px)


def test_prepared_exposures_are_not_written_to(prepared_set):
    item = prepared_set("f814w")
    before = [path.read_bytes() for path in item.prepared.exposures]
    point = drizzle_settings(item.config)
    drizzle_frame(item.prepared, point, weighting(item.prepared, point, reference_dirs={}))
    assert [path.read_bytes() for path in item.prepared.exposures] == before
    assert all(isinstance(path, Path) for path in item.prepared.exposures)
