"""A product is made by the script that the user is given, once."""

from __future__ import annotations

import pytest

from hstdriz_study.errors import DrizzleError
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
