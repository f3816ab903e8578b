"""Settings that are carried out, but not without a word."""

from __future__ import annotations

from dataclasses import replace

import pytest

from hstdriz_study.contracts import DrizzleSettings
from hstdriz_study.drizzle.settings import settings_warnings

NATIVE_ARCSEC = 0.128
PLAIN = DrizzleSettings(
    final_scale_arcsec=0.08, final_pixfrac=0.6, final_kernel="square", final_wht_type="EXP",
    final_rot=0.0, final_refimage=None, final_bits=16,
)  # fmt: skip


def test_square_drops_with_exposure_weights_need_no_warning():
    assert settings_warnings(PLAIN, NATIVE_ARCSEC) == ()
    assert settings_warnings(replace(PLAIN, final_wht_type="IVM"), NATIVE_ARCSEC) == ()


def test_err_weights_are_warned_of():
    (told,) = settings_warnings(replace(PLAIN, final_wht_type="ERR"), NATIVE_ARCSEC)
    assert "weighs bright pixels down" in told


@pytest.mark.parametrize(
    ("scale", "pixfrac", "n_warnings"), [(0.08, 1.0, 1), (NATIVE_ARCSEC, 0.6, 1), (None, None, 0)]
)
def test_lanczos3_is_warned_of_unless_pixfrac_is_one_at_the_native_scale(
    scale, pixfrac, n_warnings
):
    lanczos = replace(
        PLAIN, final_kernel="lanczos3", final_scale_arcsec=scale, final_pixfrac=pixfrac
    )
    assert len(settings_warnings(lanczos, NATIVE_ARCSEC)) == n_warnings
