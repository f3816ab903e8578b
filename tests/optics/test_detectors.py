"""The record of a detector against all else that is said of it: its YAML, its distortion table."""

from __future__ import annotations

from importlib.resources import as_file

import pytest
from astropy.table import Table
from omegaconf import OmegaConf

from hstdriz_study.conf_files import conf_directory
from hstdriz_study.dated_bits import dated_bits
from hstdriz_study.errors import ConfigError, DatasetError
from hstdriz_study.good_bits import good_bits
from hstdriz_study.optics.detectors import DETECTORS, detector_of
from hstdriz_study.study.config.detector import filter_detector, simulated_band

OURS = "hstdriz_study.optics.detectors.acs_wfc.ACS_WFC"
# Drizzled and measured from real exposures alone.
NOT_SIMULATED = {"wfpc2_pc", "wfpc2_wf"}
every_detector = pytest.mark.parametrize("detector", DETECTORS, ids=lambda found: found.name)


def test_every_detector_of_the_configuration_has_a_record_and_each_record_its_yaml():
    written = {path.stem for path in (conf_directory() / "detector").glob("*.yaml")}
    written.remove("default")  # what they may leave out
    assert written - NOT_SIMULATED == {detector.name for detector in DETECTORS}


def is_side_of_pixel(scale_arcsec, detector):
    """Say whether a scale lies between the sides of the pixel, which are oblong.

    The pipelines' output scales are rounded, and the nominal pixels are those of one chip.
    """
    shorter, longer = sorted(detector.pixel_arcsec)
    return shorter / 1.015 < scale_arcsec < longer * 1.015


@every_detector
def test_the_yaml_names_the_detector_of_the_record_and_its_pixels(detector):
    said = OmegaConf.load(conf_directory() / "detector" / f"{detector.name}.yaml")
    assert (said.instrument, said.detector) == (detector.instrument, detector.channel)
    assert is_side_of_pixel(said.native_scale_arcsec, detector)


@every_detector
def test_what_the_yaml_calls_good_is_not_what_the_simulator_breaks(detector):
    said = OmegaConf.load(conf_directory() / "detector" / f"{detector.name}.yaml")
    dated = dated_bits(said.good_bits, "good_bits")
    good, _ = (
        dated.settled([detector.expstart_mjd]) if dated else (good_bits(said.good_bits, ""), "")
    )
    assert not any(defect.dq_bit & good for defect in detector.defects if defect.unstable_e_per_s)


@every_detector
def test_the_layout_is_that_of_the_distortion_table(detector):
    with as_file(detector.idctab) as path:
        table = Table.read(path, format="ascii.ecsv")
    assert set(table["DETCHIP"]) == set(detector.chips)
    assert set(table["XSIZE"]) == {detector.chip_nx}
    assert set(table["YSIZE"]) == {detector.chip_ny}
    for row in table:
        assert (row["XREF"], row["YREF"]) == pytest.approx(detector.reference_px)
        assert is_side_of_pixel(row["SCALE"], detector)


@every_detector
def test_every_simulated_filter_has_its_yaml(compose_config, detector):
    for passband in detector.passbands:
        config = compose_config(f"filter={passband.name}")
        assert config.filter.filter == passband.element
        assert filter_detector(config.filter) is detector
        assert simulated_band(config.filter).photflam == passband.photflam


def test_a_detector_without_a_record_is_one_sentence():
    with pytest.raises(DatasetError, match=r"no model of STIS/CCD: .* filter\.record="):
        detector_of("STIS", "CCD")


@pytest.mark.parametrize(
    ("record", "sentence"),
    [
        ("HRC", "is not a dotted name; write package.module.NAME"),
        ("no_such_module.HRC", "cannot import 'no_such_module'"),
        ("hstdriz_study.optics.detectors.DETECTORS", "is not a Detector"),
        ("hstdriz_study.optics.detectors.NO_SUCH", "is not a Detector"),
        (OURS, "is the record of ACS/WFC, but filter.instrument and filter.detector say ACS/HRC"),
    ],
)
def test_a_record_that_cannot_be_used_is_one_sentence_with_the_key(record, sentence):
    with pytest.raises(ConfigError, match=f"filter.record.*{sentence}"):
        detector_of("ACS", "HRC", record)


def test_a_module_that_breaks_is_one_sentence(tmp_path, monkeypatch):
    (tmp_path / "broken_record.py").write_text("HRC = 1 / 0\n")
    monkeypatch.syspath_prepend(tmp_path)
    with pytest.raises(ConfigError, match=r"filter\.record: .*ZeroDivisionError: division by zero"):
        detector_of("ACS", "HRC", "broken_record.HRC")
