"""Calibration files beside the exposures, by the real crds from a server of one's own."""

import gc
import json
import shutil
import sys
import warnings

import pytest
from astropy.io import fits

from hstdriz_study.fetch import fetch_answer, fetched_references
from hstdriz_study.fetch.references import wanted_references
from hstdriz_study.prepare.references import reference_files
from hstdriz_study.study.fetching import KEYWORDS

pytestmark = pytest.mark.filterwarnings("ignore::pytest.PytestUnraisableExceptionWarning")


@pytest.fixture
def crds():
    """The real crds; every test asks its server anew."""
    pytest.importorskip("crds", reason="the crds package is not installed")
    from crds.client import api

    for cached in (api.get_server_info, api.get_download_metadata):
        cached.cache.clear()
    return api


@pytest.fixture(scope="module", autouse=True)
def connections_closed():
    """Close what crds leaves open, so that no other test is told of it."""
    yield
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", ResourceWarning)
        gc.collect()


@pytest.fixture
def references(archive):
    """Names of the calibration files that the headers of the exposures give."""
    return [name for name in archive.references if name.endswith("_idc.fits")]


def beside(settings) -> list[str]:
    return sorted(path.name for path in settings.folder.glob("references/iref/*"))


@pytest.mark.usefixtures("crds")
def test_what_the_headers_name_lies_beside_the_exposures_and_is_found(
    archive, asking, references, exposures
):
    settings = asking()
    assert fetch_answer(settings) == ()
    assert beside(settings) == references
    directories = fetched_references(settings.folder)
    paths = [settings.folder / path.name for path in exposures]
    assert [path.name for path in reference_files(paths, directories)] == references
    assert (directories["iref"] / references[0]).read_bytes() == archive.references[references[0]]
    manifest = json.loads((settings.folder / "manifest.json").read_text())
    assert f"references/iref/{references[0]}" in manifest["files"]
    assert (settings.crds.cache / "references" / "hst").is_dir()


@pytest.mark.usefixtures("crds", "references")
def test_the_second_time_nothing_is_asked(archive, asking):
    fetch_answer(asking())
    archive.asked.clear()
    assert fetch_answer(asking()) == ()
    assert not archive.asked


@pytest.mark.usefixtures("crds")
@pytest.mark.parametrize("fault", ["500", "truncated", "short", "stall"])
def test_a_file_that_does_not_come_whole_is_asked_for_again(archive, asking, references, fault):
    archive.faults["reference"] = [fault]
    assert fetch_answer(asking()) == ()
    kept = asking().folder / "references" / "iref" / references[0]
    assert kept.read_bytes() == archive.references[references[0]]


@pytest.mark.usefixtures("crds")
def test_what_is_damaged_in_the_cache_of_crds_is_not_taken(archive, asking, references):
    settings = asking()
    fetch_answer(settings)
    (cached,) = settings.crds.cache.rglob(references[0])
    cached.write_bytes(archive.references[references[0]][:-2880])
    shutil.rmtree(settings.folder / "references")
    assert fetch_answer(settings) == ()
    kept = settings.folder / "references" / "iref" / references[0]
    assert kept.read_bytes() == archive.references[references[0]]


@pytest.mark.usefixtures("crds")
@pytest.mark.parametrize("trouble", ["no server", "not there", "never whole"])
def test_what_cannot_be_had_is_a_sentence_with_the_command_that_gets_it(
    archive, asking, references, trouble
):
    settings = asking(attempts=1)
    if trouble == "no server":
        archive.faults["rpc"] = ["500"] * 99
    elif trouble == "not there":
        archive.references.clear()
    else:
        archive.faults["reference"] = ["short"] * 99
    (told,) = fetch_answer(settings)
    assert told.startswith(f"IDCTAB {references[0]} could not be had: ")
    assert told.endswith(f"{archive.url}/unchecked_get/references/hst/{references[0]}")
    assert "curl --fail -o " in told
    assert "\n" not in told
    assert not beside(settings)


def test_without_crds_it_is_a_sentence_too(asking, references, monkeypatch):
    for module in ("crds", "crds.client"):
        monkeypatch.setitem(sys.modules, module, None)
    (told,) = fetch_answer(asking())
    assert f"{references[0]} could not be had: the crds package is not installed (pip" in told


def test_files_that_the_user_has_are_not_fetched(
    archive, asking, references, monkeypatch, tmp_path
):
    mine = tmp_path / "mine"
    mine.mkdir()
    (mine / references[0]).write_bytes(archive.references[references[0]])
    monkeypatch.setenv("iref", f"{mine}/")
    assert fetch_answer(asking()) == ()
    assert not beside(asking())


def test_mdriztab_is_wanted_too_and_what_is_absent_is_not(tmp_path, exposures):
    copy = shutil.copy(exposures[0], tmp_path)
    fits.setval(copy, "MDRIZTAB", value="iref$3562021si_mdz.fits")
    fits.setval(copy, "NPOLFILE", value="N/A")
    wanted = wanted_references([copy], KEYWORDS, {})
    assert wanted["references/iref/3562021si_mdz.fits"] == "MDRIZTAB"
    assert sorted(wanted.values()) == ["IDCTAB", "MDRIZTAB"]
    assert not wanted_references([copy], KEYWORDS, {"iref": tmp_path})


@pytest.mark.parametrize(
    "value", ["iref$../../x_idc.fits", "/here/x_idc.fits", "iref$.hidden", "HOME$x"]
)
def test_a_header_names_no_place_of_its_own(tmp_path, exposures, value):
    copy = shutil.copy(exposures[0], tmp_path)
    fits.setval(copy, "IDCTAB", value=value)
    assert not wanted_references([copy], KEYWORDS, {})


def test_a_file_that_somebody_has_put_there_is_taken_if_it_is_whole(archive, asking, references):
    settings = asking()
    place = settings.folder / "references" / "iref" / references[0]
    place.parent.mkdir(parents=True)
    place.write_bytes(archive.references[references[0]][:-2880])
    (told,) = fetch_answer(settings)
    assert "could not be had: what is there is not whole, " in told
    place.write_bytes(archive.references[references[0]])
    assert fetch_answer(settings) == ()
    assert not archive.of_kind("reference")


@pytest.mark.usefixtures("crds")
def test_a_name_that_crds_cannot_place_is_told(archive, asking, exposures):
    settings = asking()
    for path in exposures:
        uri = f"mast:HST/product/{path.name}"
        content = archive.files[uri]
        archive.files[uri] = content.replace(b"iref$w3m18525i_idc", b"iref$my_own_table_")
    (told,) = fetch_answer(settings)
    assert "my_own_table_.fits could not be had: crds cannot tell by its name" in told
