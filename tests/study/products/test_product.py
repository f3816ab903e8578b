"""A product is made by the script that the user is given, once."""

from __future__ import annotations

import logging

import pytest
from astropy.io import fits

from hstdriz_study.errors import DrizzleError, StudyError
from hstdriz_study.study.directory.layout import ProductsDirectory, StudyDirectory
from hstdriz_study.study.products.product import make_product
from hstdriz_study.study.products.superseded import set_aside_others

# A script as it is written is run with the directory of the products.
COUNTING = """
import pathlib, sys
work = pathlib.Path(sys.argv[1])
(work / "one_flt.fits").write_text("a copy")
(work / "study_f160w_drz.fits").write_text("made ")
with (work.parents[1] / "made").open("a") as times:
    times.write("made ")
"""


@pytest.fixture
def study_dir(tmp_path):
    return StudyDirectory(tmp_path)


@pytest.fixture
def n_made(tmp_path):
    """Count how often the script was run."""
    return lambda: len((tmp_path / "made").read_text().split())


@pytest.fixture
def make(study_dir):
    """Write a script and make its product."""

    def made(text):
        script = study_dir.script("f160w")
        script.write_text(text)
        return make_product(script, "study_f160w", study_dir)

    return made


def test_the_same_script_makes_its_product_once_and_another_one_anew(make, study_dir, n_made):
    image = make(COUNTING)
    assert image == study_dir.products.path / "study_f160w_drz.fits"
    assert make(COUNTING) == image
    assert n_made() == 1
    make(COUNTING + "# another choice\n")
    assert n_made() == 2


def test_nothing_but_the_product_its_script_and_its_log_is_left(make, study_dir):
    image = make(COUNTING)
    script = study_dir.script("f160w")
    kept = {image, study_dir.products.made_by(script), study_dir.products.log(script)}
    assert {*study_dir.products.path.iterdir()} == kept


def test_a_product_that_was_removed_is_made_again(make, n_made):
    make(COUNTING).unlink()
    make(COUNTING)
    assert n_made() == 2


@pytest.mark.parametrize(
    "text", ["print('before the end')\nraise SystemExit(3)\n", "print('before the end')\n"]
)
def test_a_script_that_fails_or_makes_nothing_is_named_with_its_log(make, study_dir, text):
    log_file = study_dir.products.path / "make_product_f160w.log"
    with pytest.raises(DrizzleError) as raised:
        make(text)
    assert str(raised.value) == f"make_product_f160w.py failed; {log_file} says why"
    assert "before the end" in log_file.read_text()


FILLING = """
import pathlib, sys
(pathlib.Path(sys.argv[1]) / "one_flt.fits").write_text("half")
raise OSError(28, "No space left on device")
"""


def test_an_earlier_product_is_not_left_under_the_name_of_one_that_fails(make, study_dir):
    image = make(COUNTING)
    with pytest.raises(DrizzleError):
        make(FILLING)
    products = study_dir.products
    log_file = products.log(study_dir.script("f160w"))
    assert {*products.path.iterdir()} == {log_file, products.superseded}
    assert [path.name for path in products.superseded.iterdir()] == [image.name]
    assert make(COUNTING) == image


def test_what_was_made_of_other_points_is_set_aside(tmp_path):
    products = ProductsDirectory(tmp_path)
    keys = {"a": {"POINTKEY": "1"}, "b": {"POINTKEY": "2"}, "own": {},
            "match": {"POINTKEY": "1", "TOPOINT": "2"}}  # fmt: skip
    for name, cards in keys.items():
        fits.PrimaryHDU(header=fits.Header(cards)).writeto(tmp_path / f"{name}.fits")
    (tmp_path / "cut.fits").touch()
    set_aside_others(products, {"1"})
    assert {path.name for path in tmp_path.glob("*.fits")} == {"a.fits", "own.fits", "cut.fits"}
    assert {path.name for path in products.superseded.iterdir()} == {"b.fits", "match.fits"}


def test_product_for_which_the_disk_has_no_room_is_not_begun(study_dir):
    script = study_dir.script("f160w")
    script.write_text(COUNTING)
    with pytest.raises(StudyError, match=r"make_product_f160w\.py, .* will take 1000000000\.0 GB"):
        make_product(script, "study_f160w", study_dir, n_bytes=1e18)
    assert not list(study_dir.products.path.iterdir())


def test_astrodrizzle_tells_how_far_it_is(make, caplog):
    ended = "==== Processing Step 'Blot' finished at 00:00:00 (01/01/2026)\\n"
    slow = f'(work / "astrodrizzle.log").write_text({ended!r} * 3)\nimport time; time.sleep(2)\n'
    with caplog.at_level(logging.INFO, "hstdriz_study"):
        make(COUNTING + slow)
    assert "running make_product_f160w.py, steps: 3 of 8" in caplog.messages
    assert caplog.messages[-1] == "running make_product_f160w.py, steps: 8 of 8"
