"""What lies in the folder in the end, whatever happens on the way."""

import hashlib
import json
import logging
import os
import re
import shutil
import threading
from contextlib import contextmanager, suppress

import pytest

from hstdriz_study.errors import DatasetError, StudyError
from hstdriz_study.fetch import Question, fetch_answer
from hstdriz_study.fetch.transfer import Part
from hstdriz_study.progress import Console


def contents(directory) -> dict[str, bytes]:
    return {path.name: path.read_bytes() for path in directory.glob("*.fits")}


@pytest.fixture
def fetched(without_references, exposures):
    """Fetch, and tell whether the folder holds the exposures to the last byte."""

    def fetch(**question) -> None:
        settings = without_references(**question)
        fetch_answer(settings)
        assert contents(settings.folder) == {path.name: path.read_bytes() for path in exposures}
        assert not list(settings.folder.glob(".*.part*"))

    return fetch


def test_what_the_archive_has_is_there_with_a_manifest(without_references, fetched, exposures):
    fetched()
    manifest = json.loads((without_references().folder / "manifest.json").read_text())
    assert manifest["question"]["proposal"] == 11570
    assert manifest["filters"]["f160w"]["exposures"] == [path.name for path in exposures]
    for path in exposures:
        entry = manifest["files"][path.name]
        assert entry["uri"] == f"mast:HST/product/{path.name}"
        assert entry["size"] == path.stat().st_size
        assert entry["sha256"] == hashlib.sha256(path.read_bytes()).hexdigest()
        assert entry["fetched"].endswith("+00:00")


def test_the_second_time_nothing_is_asked(archive, fetched):
    fetched()
    archive.asked.clear()
    archive.faults["query"] = archive.faults["file"] = ["500"] * 99
    fetched()
    assert not archive.asked


@pytest.mark.parametrize(
    "faults", [["500"], ["503", "429"], ["truncated"], ["stall"], ["short"], ["truncated", "short"]]
)
def test_a_file_that_does_not_come_whole_is_asked_for_again(archive, fetched, faults):
    archive.faults["file"] = list(faults)
    fetched()
    assert not archive.faults["file"]


def test_a_download_goes_on_where_it_broke_off(archive, fetched, exposures):
    archive.faults["file"] = ["truncated"]
    fetched()
    first, second = (int(one.partition(" from ")[2]) for one in archive.of_kind("file")[:2])
    assert first == 0
    assert second > exposures[0].stat().st_size // 2 - 100_000


def test_a_server_that_takes_no_ranges_sends_all_of_it_again(archive, fetched):
    archive.takes_ranges = False
    archive.faults["file"] = ["truncated", "stall"]
    fetched()


def test_a_download_goes_on_in_the_next_run(archive, without_references, fetched, exposures):
    archive.faults["file"] = ["truncated"] * 2
    settings = without_references(attempts=2)
    with pytest.raises(DatasetError, match=r"asked 2 times\); the same command goes on"):
        fetch_answer(settings)
    assert not contents(settings.folder)
    there = Part.of(settings.folder / exposures[0].name).size
    assert there > exposures[0].stat().st_size // 2
    archive.asked.clear()
    fetched()
    assert archive.of_kind("file")[0] == f"mast:HST/product/{exposures[0].name} from {there}"


def test_the_rest_of_another_version_is_not_added_to_what_is_there(
    archive, without_references, fetched, exposures
):
    uri = f"mast:HST/product/{exposures[0].name}"
    right = archive.files[uri]
    archive.files[uri] = bytes(reversed(right))
    archive.faults["file"] = ["truncated"]
    with pytest.raises(DatasetError):
        fetch_answer(without_references(attempts=1))
    archive.files[uri] = right
    fetched()


def test_what_is_never_whole_is_never_there(archive, without_references):
    archive.faults["file"] = ["short"] * 9
    settings = without_references(attempts=2)
    with pytest.raises(DatasetError, match=r"what came is not whole: .* \(asked 2 times\)"):
        fetch_answer(settings)
    assert not contents(settings.folder)


@pytest.mark.parametrize("damage", ["other exposure", "pixel", "tail", "no FITS"])
def test_a_file_of_the_right_length_is_looked_through(
    archive, without_references, exposures, damage
):
    uri = f"mast:HST/product/{exposures[0].name}"
    content = archive.files[uri]
    archive.files[uri] = {
        "other exposure": exposures[1].read_bytes(),
        "pixel": _with_a_wrong_pixel(exposures[0]),
        "tail": content + b"\0" * 2880,
        "no FITS": b"<html>sorry</html>",
    }[damage]
    settings = without_references(attempts=1)
    with pytest.raises(DatasetError, match=f"{exposures[0].name}: what came is not whole"):
        fetch_answer(settings)
    assert not contents(settings.folder)


def _with_a_wrong_pixel(path) -> bytes:
    from astropy.io import fits

    copy = path.with_name("copy.tmp")
    with fits.open(path) as hdus:
        hdus.writeto(copy, checksum=True)
    content = bytearray(copy.read_bytes())
    copy.unlink()
    with fits.open(path) as hdus:
        place = hdus["SCI", 1].fileinfo()["datLoc"]
    content[place + 2880] ^= 0x40
    return bytes(content)


def test_a_link_that_has_expired_is_asked_for_anew(archive, fetched):
    archive.redirects = True
    archive.faults["file"] = ["expired", "expired"]
    fetched()
    assert len(archive.of_kind("file")) == 6


def test_a_size_that_the_list_has_wrong_is_told_and_the_file_taken(
    archive, without_references, fetched, caplog
):
    archive.products[2]["size"] -= 2880
    with caplog.at_level(logging.WARNING):
        fetched()
    name = archive.products[2]["productFilename"]
    assert f"{name}: MAST lists" in caplog.text
    manifest = json.loads((without_references().folder / "manifest.json").read_text())
    assert manifest["files"][name]["listed_size"] == archive.products[2]["size"]
    fetched()


def test_one_file_that_is_gone_is_fetched_alone(archive, without_references, fetched, exposures):
    fetched()
    (without_references().folder / exposures[2].name).unlink()
    archive.asked.clear()
    fetched()
    assert archive.of_kind("file") == [f"mast:HST/product/{exposures[2].name} from 0"]


def test_a_file_that_was_changed_is_told_and_left(without_references, fetched, exposures):
    fetched()
    settings = without_references()
    path = settings.folder / exposures[1].name
    path.write_bytes(path.read_bytes()[:-1] + b"x")
    with pytest.raises(DatasetError, match=f"{path.name}: is not what was fetched on"):
        fetch_answer(settings)
    assert path.read_bytes().endswith(b"x")


def test_exposures_that_the_user_has_there_are_taken_if_they_are_the_archives(
    archive, without_references, fetched, exposures
):
    folder = without_references().folder
    folder.mkdir()
    shutil.copy(exposures[0], folder)
    fetched()
    assert len(archive.of_kind("file")) == 3


@pytest.mark.parametrize("stranger", ["another.content", "of another name"])
def test_other_exposures_in_the_folder_are_refused_before_any_download(
    archive, without_references, exposures, stranger
):
    settings = without_references()
    settings.folder.mkdir()
    content = exposures[0].read_bytes()
    if stranger == "of another name":
        path = settings.folder / "mine_flt.fits"
    else:
        path, content = settings.folder / exposures[0].name, content[:-2880]
    path.write_bytes(content)
    with pytest.raises(DatasetError, match="name another directory"):
        fetch_answer(settings)
    assert path.read_bytes() == content
    assert not archive.of_kind("file")


def test_a_folder_holds_the_answer_to_one_question(without_references, fetched):
    fetched()
    with pytest.raises(DatasetError, match=r"another question \(proposal 11570\)"):
        fetch_answer(without_references(target="NGC 3370"))


@pytest.mark.parametrize("there", [True, False])
def test_without_an_answer_no_folder_is_made(archive, without_references, there):
    archive.faults["query"] = ["404"]
    settings = without_references()
    if there:
        settings.folder.mkdir()
    with pytest.raises(DatasetError, match="MAST answers 404"):
        fetch_answer(settings)
    assert settings.folder.exists() is there


def test_a_file_in_place_of_the_folder_is_told(without_references):
    settings = without_references()
    settings.folder.write_text("mine")
    with pytest.raises(DatasetError, match="there is a file of this name"):
        fetch_answer(settings)
    assert settings.folder.read_text() == "mine"


def test_a_damaged_manifest_is_told(without_references, fetched):
    fetched()
    settings = without_references()
    (settings.folder / "manifest.json").write_text('{"question": ')
    with pytest.raises(DatasetError, match="no manifest of fetched files; remove it"):
        fetch_answer(settings)


def test_a_calibration_anew_is_told(archive, without_references, fetched, exposures):
    fetched()
    settings = without_references()
    (settings.folder / exposures[3].name).unlink()
    for row in archive.products:
        if row["productFilename"] == exposures[0].name:
            row["size"] += 2880
    with pytest.raises(DatasetError, match=f"{exposures[0].name}: MAST now has another version"):
        fetch_answer(settings)


def test_a_full_disk_is_told_before_the_download(archive, without_references):
    for row in archive.products:
        row["size"] = 10**16
    with pytest.raises(StudyError, match=r"the exposures will take .* are free; make room"):
        fetch_answer(without_references())
    assert not archive.of_kind("file")


def test_a_bar_is_drawn_on_a_terminal_and_lines_are_written_elsewhere(
    without_references, caplog, exposures
):
    with caplog.at_level(logging.INFO, "hstdriz_study"):
        fetch_answer(without_references())
    assert f"fetching {exposures[0].name} (1 of 4, " in caplog.text
    shutil.rmtree(without_references().folder)
    with _terminal() as (stderr, pieces):
        package, console = logging.getLogger("hstdriz_study"), Console(stderr)
        package.addHandler(console)
        with caplog.at_level(logging.INFO, "hstdriz_study"):
            fetch_answer(without_references())
        package.removeHandler(console)
        console.close()
    shown = b"".join(pieces).decode()
    assert f"{exposures[3].name} (4 of 4, " in shown
    assert re.search(r"fetching  \[#+-+\]  \d+ MB of \d+ MB", shown)


@contextmanager
def _terminal():
    """Give a terminal to write to, and what has been written when it is closed."""
    master, terminal = os.openpty()
    pieces: list[bytes] = []

    def read() -> None:
        with suppress(OSError):  # what a terminal says at its end
            while piece := os.read(master, 4096):
                pieces.append(piece)

    reader = threading.Thread(target=read)
    reader.start()
    with os.fdopen(terminal, "w") as stream:
        yield stream, pieces
    reader.join()
    os.close(master)


def test_questions_have_folders_of_their_own():
    asked = [
        Question(proposal=11570),
        Question(target="NGC 3370"),
        Question(proposal=11570, target="NGC 3370"),
        Question(target="NGC 3370", radius_arcmin=1.5),
        Question(target="161.767 17.274"),
        Question(obs_ids=("ib1f19l6q",)),
        Question(obs_ids=("ib1f19l6q", "ib1f19l7q")),
    ]
    named = [one.folder_name for one in asked]
    assert len(set(named)) == len(named)
    assert named[2] == "11570_ngc_3370_3arcmin"
    assert not any("/" in name or name.startswith(".") for name in named)


def test_no_folder_is_made_before_the_archive_has_answered(archive, without_references):
    settings = without_references(attempts=1)
    archive.watched, archive.faults["query"] = settings.folder, ["500"]
    with pytest.raises(DatasetError):
        fetch_answer(settings)
    assert archive.was_there == [False]
