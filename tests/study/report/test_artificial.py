"""What a report says of artificial stars."""

from __future__ import annotations

import pytest

from hstdriz_study.contracts import ENTRIES, DrizzleSettings, PointRecord
from hstdriz_study.study.report.artificial import artificial_stars_told


@pytest.mark.parametrize(
    ("name", "words"),
    [
        ("injected/fwhm_arcsec", "artificial stars: FWHM of the delivered image"),
        ("injected/depth_abmag", "artificial stars: magnitude of 50 % recovery"),
        (
            "injected/completeness_0.2mag_brighter",
            "artificial stars: recovered, 0.2 mag brighter",
        ),
        (
            "injected/completeness_at_expected_depth",
            "artificial stars: recovered, at expected depth",
        ),
        ("psf/fwhm_arcsec", "FWHM of the delivered image"),
    ],
)
def test_metrics_of_artificial_stars_are_told_from_the_fields_own(name: str, words: str) -> None:
    assert ENTRIES[name].label == words


def _record(name: str, **injected: object) -> PointRecord:
    provenance = {"injected": injected or None}
    return PointRecord(
        key=name,
        status="FINISHED",
        filter=name,
        settings=DrizzleSettings(None, None, "square", "EXP", None, None, None),
        provenance=provenance,
    )


def test_the_paper_hears_which_psf_is_of_artificial_stars() -> None:
    records = [
        _record("f160w", n_stars=80, for_psf=True),
        _record("f814w", n_stars=70, for_psf=False),
    ]
    told = artificial_stars_told(records)
    assert "80 into those of F160W, 70 into those of F814W" in told
    assert "the point-spread function of F160W." in told


def test_without_artificial_stars_nothing_is_said() -> None:
    assert artificial_stars_told([_record("f160w")]) == ""
