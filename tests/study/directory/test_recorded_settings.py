"""The settings of a point on disk: the names that record.json has, and back."""

from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from hstdriz_study.contracts import (
    DrizzleSettings,
    PointRecord,
    recorded_settings,
    settings_of_recorded,
)
from hstdriz_study.errors import StudyError
from hstdriz_study.json_files import read_json, write_json
from hstdriz_study.study.directory.layout import PointDirectory
from hstdriz_study.study.directory.record import read_record, write_record

sizes = st.none() | st.floats(0.001, 1.0)
every_settings = st.builds(
    DrizzleSettings,
    final_scale_arcsec=sizes,
    final_pixfrac=sizes,
    final_kernel=st.sampled_from(["square", "lanczos3"]),
    final_wht_type=st.sampled_from(["EXP", "ERR", "IVM"]),
    final_rot=st.none() | st.floats(-360, 360),
    final_refimage=st.none() | st.just(Path("/data/a_drz.fits")),
    final_bits=st.none() | st.integers(-4101, 32767).filter(lambda bits: bits != -1),
    ivm_path=st.none() | st.just(Path("/data/ivm")),
)
POINT = DrizzleSettings(0.08, 0.6, "square", "EXP", 0.0, Path("/data/a_drz.fits"), 528)


def record_of(settings: DrizzleSettings) -> PointRecord:
    ivm = None if settings.ivm_path is None else str(settings.ivm_path)
    return PointRecord(
        key="k", status="FINISHED", filter="f160w", settings=settings,
        final_scale_asked="psf/2", pixels_per_psf=2.0,
        provenance={"config": {"drizzle": {"ivm_path": ivm}}},
    )  # fmt: skip


@given(settings=every_settings)
def test_settings_are_read_back_as_they_were(settings: DrizzleSettings) -> None:
    ivm = None if settings.ivm_path is None else str(settings.ivm_path)
    assert settings_of_recorded(recorded_settings(record_of(settings)), ivm) == settings


def test_a_record_keeps_its_names_on_disk_and_all_that_it_says(tmp_path: Path) -> None:
    record = record_of(DrizzleSettings(**vars(POINT) | {"ivm_path": Path("/data/ivm")}))
    write_record(record, PointDirectory(tmp_path))
    content = read_json(tmp_path / "record.json")
    assert content["settings"] == {
        "final_scale_arcsec": 0.08,
        "final_pixfrac": 0.6,
        "pixels_per_psf": 2.0,
        "final_kernel": "square",
        "final_wht_type": "EXP",
        "final_rot": 0.0,
        "final_refimage": "/data/a_drz.fits",
        "final_bits": "528",
        "final_scale_asked": "psf/2",
    }
    assert not {"final_scale_asked", "pixels_per_psf"} & set(content)
    assert read_record(PointDirectory(tmp_path)) == record


@pytest.mark.parametrize("name", ["final_scale_arcsec", "final_kernel", "final_bits"])
def test_a_record_without_a_setting_is_named_with_it(tmp_path: Path, name: str) -> None:
    write_record(record_of(POINT), PointDirectory(tmp_path))
    content = read_json(tmp_path / "record.json")
    del content["settings"][name]
    write_json(tmp_path / "record.json", content)
    with pytest.raises(StudyError, match=rf"record\.json: the record has no setting {name}; run"):
        read_record(PointDirectory(tmp_path))
