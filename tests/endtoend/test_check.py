"""``hstdriz-study check`` as a person would use it."""

import re
import shutil

import pytest
from astropy.io import fits

pytestmark = pytest.mark.endtoend

GRID = ("filter=f160w", "drizzle.final_scale=0.08,native", "drizzle.final_pixfrac=0.8,1.0")


@pytest.fixture
def own_exposures(program, cache_dir, tmp_path):
    """Copies of the simulated exposures, as a user's own; calibration files beside them."""
    program(tmp_path / "first", "preview", *GRID)
    (made, *_) = (cache_dir / "synthetic").glob("f160w-*")
    directory = tmp_path / "own"
    directory.mkdir()
    shutil.copytree(made / "ref", directory / "ref")
    return [shutil.copy(path, directory / path.name) for path in sorted(made.glob("*_flt.fits"))]


def of(exposures):
    directory = exposures[0].parent
    return f"dataset.path={directory}", f"filter.iref={directory}/ref"


def test_exposures_that_are_ready_are_tabled_and_the_exit_code_is_0(program, tmp_path):
    outcome = program(tmp_path, "check", *GRID)
    assert outcome.code == 0, outcome.stderr
    assert "\nf160w: ready\n" in outcome.stdout
    for said in (
        "isy16001q_flt.fits  SYNTHETIC",
        "5-sigma depth",
        "scale 0.1283",
        "page: check.html",
    ):
        assert said in outcome.stdout
    assert [path.name for path in tmp_path.iterdir()] == ["check.html"]


def test_what_a_header_says_is_no_markup_and_a_warning_is_exit_code_1(
    program, tmp_path, own_exposures
):
    for path in own_exposures:
        fits.setval(path, "TARGNAME", value="<b>M 31</b> & co")
        for name, value in (("WCSNAME", "IDC_x-FIT_REL_GAIA"), ("WCSNAMEB", "OPUS")):
            fits.setval(path, name, value=value, extname="SCI", extver=1)
    outcome = program(tmp_path, "check", *GRID, *of(own_exposures))
    assert outcome.code == 1, outcome.stderr
    assert "warning: updatewcs has replaced the fitted WCS" in outcome.stdout
    assert "IDC_x-FIT_REL_GAIA, OPUS" in outcome.stdout
    page = (tmp_path / "check.html").read_text()
    assert "&lt;b&gt;M 31&lt;/b&gt; &amp; co" in page
    assert "<b>" not in page


def test_a_filter_that_cannot_be_used_is_told_with_exit_code_2(program, tmp_path, own_exposures):
    with fits.open(own_exposures[1], mode="update") as hdus:
        hdus["SCI", 1].data[:] = 0.0
    outcome = program(tmp_path, "check", *GRID, *of(own_exposures))
    assert outcome.code == 2, outcome.stderr
    assert "\nf160w: not usable\n" in outcome.stdout
    assert f"dataset.exclude=[{own_exposures[1].name}]" in outcome.stdout
    assert "Traceback" not in outcome.stderr
    assert own_exposures[1].name in (tmp_path / "check.html").read_text()


def test_an_absurd_scale_is_refused_before_any_work(program, tmp_path):
    absurd = ("filter=f160w", "drizzle.final_scale=0.0001,0.08", "drizzle.final_pixfrac=0.8")
    checked = program(tmp_path, "check", *absurd)
    swept = program(tmp_path, "sweep", *absurd)
    assert (checked.code, swept.code) == (2, 2)
    for outcome in (checked, swept):
        assert outcome.stderr.startswith(
            "error: drizzle.final_scale=0.0001: less than 0.002 arcsec"
        )
    assert not list(tmp_path.iterdir())


def test_the_report_of_a_study_has_the_table_of_check(program, tmp_path):
    checked = program(tmp_path, "check", *GRID).stdout.splitlines()
    rows = [tuple(cells(line)) for line in checked if line.startswith("isy16")]
    assert len(rows) == 4
    assert program(tmp_path, "sweep", *GRID).code == 0
    (report,) = tmp_path.glob("hstdriz-runs/study/*/report.md")
    lines = report.read_text().splitlines()
    start = lines.index("### The exposures side by side")
    in_report = [tuple(one.strip() for one in line.strip("| ").split(" | "))
                 for line in lines[start:] if line.startswith("| isy16")]  # fmt: skip
    assert in_report[: len(rows)] == rows


def cells(line):
    return [one.strip() for one in re.split(r"\s{2,}", line)]
