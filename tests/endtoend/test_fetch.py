"""``hstdriz-study fetch`` and a study of fetched exposures, as a person would type them.

The archive is a server of the test's own; astroquery is told of it by its configuration file.
"""

import json
import re
import shutil

import pytest

from hstdriz_study.simulate import BANDS, generate_filter
from tests.fetch.archive import Archive, served

pytestmark = pytest.mark.endtoend

ASKED = ("filter=f160w", "dataset.mast.proposal=11570", "dataset.mast.target=NGC 3370")
POINTS = ("drizzle.final_scale=0.08,native", "drizzle.final_pixfrac=0.8,1.0")


@pytest.fixture(scope="module")
def exposures(tmp_path_factory, spec_of):
    made = tmp_path_factory.mktemp("archive")
    generate_filter(made, BANDS["f160w"], spec_of())
    return sorted(made.glob("*_flt.fits"))


@pytest.fixture
def archive(exposures, tmp_path, monkeypatch):
    """A server with one visit, which the programs of a test ask."""
    kept = Archive()
    kept.add_visit(exposures, "F160W", "WFC3/IR")
    with served(kept):
        settings = tmp_path / "settings" / "astropy"
        settings.mkdir(parents=True)
        (settings / "astroquery.cfg").write_text(f"[mast]\nserver = {kept.url}\n")
        monkeypatch.setenv("XDG_CONFIG_HOME", str(settings.parent))
        monkeypatch.setenv("http_proxy", kept.url)  # the resolver's address is written in the code
        monkeypatch.setenv("no_proxy", "localhost,127.0.0.1")
        yield kept


def of_crds(archive, tmp_path):
    cache = tmp_path / "crds"
    return (
        f"dataset.mast.crds_server={archive.url}", f"dataset.mast.crds_cache={cache}",
        "dataset.mast.wait_s=0", "dataset.mast.attempts=2",
    )  # fmt: skip


def test_a_study_fetches_once_and_then_needs_no_network(program_anew, archive, exposures, tmp_path):
    folder = tmp_path / "mast" / "11570_ngc_3370_3arcmin"
    mine = of_crds(archive, tmp_path)
    outcome = program_anew(tmp_path, "fetch", *ASKED, *mine)
    assert outcome.code == 1, outcome.stderr
    assert "f160w: 4 exposures: isy16001q_flt.fits" in outcome.stdout
    assert f"fetching {exposures[0].name} (1 of 4, 2 MB)" in outcome.stderr
    assert sorted(path.name for path in folder.glob("*.fits")) == [one.name for one in exposures]
    # calibration files of simulated exposures have names that CRDS does not give
    told = re.findall(r"warning: IDCTAB .*; curl --fail -o (\S+/(\S+)) ", outcome.stderr)
    (place, name) = told[0]
    shutil.copy(exposures[0].parent / "ref" / name, place)
    (command,) = re.findall(r"hstdriz-study check (.*)", outcome.stdout)
    assert f"dataset.path={folder}" in command

    archive.asked.clear()
    archive.faults["query"] = archive.faults["file"] = archive.faults["columns"] = ["500"] * 99
    swept = program_anew(tmp_path, "sweep", *ASKED, *POINTS, *mine)
    assert swept.code == 0, swept.stderr
    assert not archive.asked
    told = f"{folder}, fetched from MAST (proposal 11570, within 3 arcmin of NGC 3370)"
    assert f"Exposures: {told}" in swept.stdout
    assert told in (swept.study_dir / "report.md").read_text()
    assert "simulated" not in swept.stdout
    assert f"references/iref/{name}" in json.loads((folder / "manifest.json").read_text())["files"]

    local = program_anew(tmp_path, "check", *command.split(), *POINTS)
    assert local.code == 0, local.stdout


def test_fetch_without_a_question_is_one_sentence(program, tmp_path):
    outcome = program(tmp_path, "fetch", "filter=f160w")
    assert outcome.code == 2
    assert outcome.stderr.startswith(
        "error: dataset.mast says nothing to ask the archive for; give"
    )
    assert not list(tmp_path.iterdir())


def test_an_archive_that_is_away_is_one_sentence(program_anew, archive, tmp_path):
    archive.faults["columns"] = ["503"] * 99
    outcome = program_anew(tmp_path, "sweep", *ASKED, *POINTS, *of_crds(archive, tmp_path))
    assert outcome.code == 2
    last = outcome.stderr.splitlines()[-1]
    assert last.startswith("error: filter=f160w: MAST's list of proposal 11570, within 3 arcmin")
    assert "(asked 2 times)" in last
    assert not (tmp_path / "hstdriz-runs").exists()
    assert not (tmp_path / "mast").exists()
