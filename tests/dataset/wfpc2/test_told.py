"""What a directory with exposures of WFPC2 holds, lacks and leaves out is told."""

from __future__ import annotations

import pytest

from hstdriz_study.dataset import describe_directory
from hstdriz_study.errors import ConfigError, DatasetError
from hstdriz_study.study.config import dataset_settings
from tests.dataset.exposure_files import write_exposure
from tests.dataset.wfpc2.files import write_c0m


def test_it_is_named_with_both_cameras_among_others(visit, loaded):
    for name in ("j8xi00o1q_flc.fits", "j8xi00o2q_flc.fits"):
        write_exposure(visit / name)
    found = describe_directory(visit)
    assert {(one.instrument, one.detector) for one in found} == {("WFPC2", "PC+WF"), ("ACS", "WFC")}
    assert len(loaded(visit, "f814w").exposures) == 2
    with pytest.raises(
        DatasetError, match=r"no WFPC2/WF F814W exposures.*WFPC2/PC\+WF F555W \(3\)"
    ):
        loaded(visit, "wf_f814w")


@pytest.mark.parametrize(("typed", "fitting"), [("f814w", "F555W"), ("f555w", "F814W")])
def test_the_filters_that_fit_what_is_there_are_named(loaded, tmp_path, typed, fitting):
    for root in ("u40x0101m", "u40x0102m"):
        write_c0m(tmp_path, root, FILTNAM1=fitting)
    names = f"take filter=pc_{fitting.lower()} or filter=wf_{fitting.lower()}$"
    with pytest.raises(DatasetError, match=rf"WFPC2/PC\+WF {fitting} \(2\); {names}"):
        loaded(tmp_path, typed)


def test_flags_alone_are_told_with_what_they_lack(loaded, visit):
    for path in visit.glob("*_c0m.fits"):
        path.unlink()
    flags = (
        r"holds no .*\(of WFPC2: \*_c0m.fits or \*_c0f.fits\); it holds 3 \*_c1m.fits "
        r"\(u40x0101m_c1m.fits and 2 more\): flags without the pixels, "
        r"download their \*_c0m.fits too$"
    )
    with pytest.raises(DatasetError, match=flags):
        loaded(visit, "wf_f555w")


def test_flags_without_pixels_beside_whole_exposures_are_told_until_excluded(warned, visit):
    (visit / "u40x0103m_c0m.fits").unlink()
    (told,) = warned(visit, "wf_f555w")
    assert "left out: 1 *_c1m.fits (u40x0103m_c1m.fits): flags without the pixels" in told
    for name in ("u40x0103m", "u40x0103m_c1m.fits"):
        assert warned(visit, "wf_f555w", name) == ()


def test_an_exposure_through_crossed_filters_is_told_until_excluded(warned, visit):
    write_c0m(visit, "u40x0109m", FILTNAM1="POLQ", FILTNAM2="F555W")
    (told,) = warned(visit, "wf_f555w")
    assert "left out: u40x0109m_c0m.fits, taken through crossed filters (POLQ+F555W)" in told
    assert warned(visit, "wf_f555w", "u40x0109m") == ()


def test_exposures_of_another_filter_are_left_out_without_a_word(warned, visit):
    write_c0m(visit, "u40x0109m", FILTNAM1="F814W")
    assert warned(visit, "wf_f555w") == ()


def test_tables_that_are_a_file_are_one_sentence(compose_config, visit):
    path = next(visit.iterdir())
    given = f"dataset.path={visit}", f"filter.uref={path}"
    config = compose_config("dataset=local", "filter=wf_f555w", *given)
    with pytest.raises(ConfigError, match=rf"filter.uref={path}: is a file; give the directory"):
        dataset_settings(config)
