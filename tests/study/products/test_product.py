"""A product is made by the script that the user is given, once."""

from __future__ import annotations

import pytest

from hstdriz_study.errors import DrizzleError, StudyError
from hstdriz_study.study.directory.layout import StudyDirectory
from hstdriz_study.study.products.product import make_product

# A script as it is written is run with the directory of the products.
COUNTING = """
import pathlib, sys
image = pathlib.Path(sys.argv[1]) / "study_f160w_drz.fits"
image.write_text((image.read_text() if image.is_file() else "") + "made ")
"""


@pytest.fixture
def study_dir(tmp_path):
    return StudyDirectory(tmp_path)


@pytest.fixture
def make(study_dir):
    """Write a script and make its product."""

    def made(text):
        script = study_dir.script("f160w")
        script.write_text(text)
        return make_product(script, "study_f160w", study_dir)

    return made


def test_the_same_script_makes_its_product_once_and_another_one_anew(make, study_dir):
    image = make(COUNTING)
    assert image == study_dir.products.path / "study_f160w_drz.fits"
    assert make(COUNTING) == image
    assert image.read_text() == "made "
    make(COUNTING + "# another choice\n")
    assert image.read_text() == "made made "


def test_a_product_that_was_removed_is_made_again(make):
    make(COUNTING).unlink()
    assert make(COUNTING).read_text() == "made "


@pytest.mark.parametrize(
    "text", ["print('before the end')\nraise SystemExit(3)\n", "print('before the end')\n"]
)
def test_a_script_that_fails_or_makes_nothing_is_named_with_its_log(make, study_dir, text):
    log_file = study_dir.products.path / "make_product_f160w.log"
    with pytest.raises(DrizzleError) as raised:
        make(text)
    assert str(raised.value) == f"make_product_f160w.py failed; {log_file} says why"
    assert "before the end" in log_file.read_text()


def test_after_a_failure_an_earlier_product_is_not_taken_for_the_new_one(make):
    make(COUNTING)
    with pytest.raises(DrizzleError):
        make("raise SystemExit(3)\n")
    assert make(COUNTING).read_text() == "made made "


def test_what_a_script_that_fails_has_made_is_gone_and_what_was_there_stays(make, study_dir):
    image = make(COUNTING)
    kept = {*study_dir.products.path.iterdir()} - {
        study_dir.products.made_by(study_dir.script("f160w"))
    }
    filling = """
import pathlib, sys
work = pathlib.Path(sys.argv[1])
(work / "copies").mkdir()
(work / "copies/one_flt.fits").write_text("half")
raise OSError(28, "No space left on device")
"""
    with pytest.raises(DrizzleError):
        make(filling)
    assert {*study_dir.products.path.iterdir()} == kept
    assert image.read_text() == "made "


def test_product_for_which_the_disk_has_no_room_is_not_begun(study_dir):
    script = study_dir.script("f160w")
    script.write_text(COUNTING)
    with pytest.raises(StudyError, match=r"make_product_f160w\.py, .* will take 1000000000\.0 GB"):
        make_product(script, "study_f160w", study_dir, n_bytes=1e18)
    assert not list(study_dir.products.path.iterdir())
