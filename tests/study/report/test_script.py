"""The script that makes a product."""

from __future__ import annotations

import ast
import subprocess
import sys
from typing import TYPE_CHECKING, Any

import numpy as np
import pytest
from astropy.io import fits

from hstdriz_study.choose import Choice, HandbookPick, choose
from hstdriz_study.errors import ChoiceError
from hstdriz_study.study.report import ProductCall, product_script

if TYPE_CHECKING:
    from pathlib import Path

    from hstdriz_study.choose import ChoiceSettings
    from hstdriz_study.contracts import PointRecord

ASTRODRIZZLE = {
    "final_wcs": True,
    "final_scale": 0.08,
    "final_pixfrac": 0.6,
    "final_bits": 528,
    "final_rot": 0.0,
}


@pytest.fixture
def choice(
    study_records: list[PointRecord], config: ChoiceSettings, handbooks: dict[str, HandbookPick]
) -> Choice:
    of_filter = [record for record in study_records if record.filter == "f160w"]
    return choose(of_filter, config, handbooks["f160w"])


@pytest.fixture
def exposures(tmp_path: Path) -> list[Path]:
    made = [tmp_path / "raw data" / f"isyn0{i}010_flt.fits" for i in range(2)]
    made[0].parent.mkdir()
    for path in made:
        path.write_bytes(b"pixels")
    return made


def _call(exposures: list[Path], **changes: Any) -> ProductCall:
    given: dict[str, Any] = {
        "inputs": tuple(exposures),
        "output": "f160w_chosen",
        "astrodrizzle": ASTRODRIZZLE,
        "reference_dirs": {"iref": exposures[0].parent / "it's here"},
        "updatewcs": {"use_db": False},
        "tweakreg": {"updatehdr": True, "imagefindcfg": {"threshold": 100.0, "dqbits": "64"}},
    }
    return ProductCall(**(given | changes))


def _keywords(text: str, function: str) -> dict[str, object]:
    """Return the keywords of the one call of a function in a script."""
    (found,) = (
        node
        for node in ast.walk(ast.parse(text))
        if isinstance(node, ast.Call) and ast.unparse(node.func) == function
    )
    assert [ast.unparse(argument) for argument in found.args] == ["names"]
    return {
        str(keyword.arg): ast.literal_eval(keyword.value)
        for keyword in found.keywords
        if keyword.arg != "output"
    }


def test_script_calls_every_step_with_exactly_the_given_keywords(
    choice: Choice, exposures: list[Path]
) -> None:
    call = _call(exposures)
    text = product_script(choice, call)
    assert _keywords(text, "updatewcs") == call.updatewcs
    assert _keywords(text, "tweakreg.TweakReg") == call.tweakreg
    assert _keywords(text, "AstroDrizzle") == call.astrodrizzle
    assert text.index("updatewcs(") < text.index("TweakReg(") < text.index("AstroDrizzle(")


def test_script_works_on_copies_and_needs_no_other_package_than_its_own(
    choice: Choice, exposures: list[Path], tmp_path: Path
) -> None:
    text = product_script(choice, _call(exposures))
    script, work = tmp_path / "make.py", tmp_path / "work"
    # all that stands before the first step: copying, and the environment
    script.write_text(
        text.split("from astropy")[0] + "print(names, os.environ['iref'], os.getcwd())"
    )
    ran = subprocess.run(
        [sys.executable, "-I", script, work], check=True, capture_output=True, text=True
    )
    names = [path.name for path in exposures]
    iref = str(exposures[0].parent / "it's here") + "/"
    assert ran.stdout.strip() == f"{names} {iref} {work}"
    assert [path.read_bytes() for path in exposures] == [b"pixels"] * 2
    assert [(work / name).read_bytes() for name in names] == [b"pixels"] * 2


def test_steps_that_were_not_run_are_not_in_the_script(
    choice: Choice, exposures: list[Path]
) -> None:
    text = product_script(choice, _call(exposures, updatewcs=None, tweakreg=None))
    compile(text, "script", "exec")
    assert "updatewcs" not in text
    assert "TweakReg" not in text
    assert "hstdriz_study" not in text


def test_users_inverse_variance_maps_are_paired_with_the_exposures(
    choice: Choice, exposures: list[Path], tmp_path: Path
) -> None:
    maps = tuple(path.with_name(path.name.replace("_flt", "_ivm")) for path in exposures)
    for path in maps:
        path.write_bytes(b"weights")
    text = product_script(choice, _call(exposures, updatewcs=None, tweakreg=None, ivm=maps))
    script, work = tmp_path / "make.py", tmp_path / "work"
    script.write_text(text.split("from drizzlepac")[0])
    subprocess.run([sys.executable, "-I", script, work], check=True)
    expected = "".join(f"{e.name} {m.name}\n" for e, m in zip(exposures, maps, strict=True))
    assert (work / "exposures.lst").read_text() == expected
    assert all((work / path.name).read_bytes() == b"weights" for path in maps)
    assert 'AstroDrizzle(\n    "@exposures.lst",' in text


def test_quotes_in_paths_and_values_are_kept(choice: Choice, exposures: list[Path]) -> None:
    odd = _call(exposures, output="a\"b'c", astrodrizzle={"final_bits": "~6144"})
    assert "final_bits='~6144'" in product_script(choice, odd)
    compile(product_script(choice, odd), "script", "exec")


def test_what_cannot_be_written_into_a_script_is_refused(
    choice: Choice, exposures: list[Path]
) -> None:
    with pytest.raises(ChoiceError, match="cannot be written into a script"):
        product_script(choice, _call(exposures, astrodrizzle={"final_scale": object()}))
    with pytest.raises(ChoiceError, match="no exposure to drizzle"):
        product_script(choice, _call(exposures, inputs=()))


def test_without_a_choice_there_is_no_script(
    study_records: list[PointRecord],
    config: ChoiceSettings,
    handbooks: dict[str, HandbookPick],
    exposures: list[Path],
) -> None:
    failed = [record for record in study_records if record.status == "FAILED"]
    nothing = choose(failed, config, handbooks["f814w"])
    with pytest.raises(ChoiceError, match="f814w: nothing was chosen"):
        product_script(nothing, _call(exposures))


def test_pixels_without_a_number_are_made_bad_in_the_copies_by_the_script_alone(
    choice: Choice, exposures: list[Path], tmp_path: Path
) -> None:
    science, flags = np.ones((4, 5), np.float32), np.zeros((4, 5), np.int16)
    science[1, 2] = np.nan
    hdus = [fits.PrimaryHDU(), fits.ImageHDU(science, name="SCI"), fits.ImageHDU(flags, name="DQ")]
    for path in exposures:
        fits.HDUList(hdus).writeto(path, overwrite=True)
    before = [path.read_bytes() for path in exposures]
    text = product_script(choice, _call(exposures, bad_pixel_flag=8))
    assert "hstdriz_study" not in text
    script, work = tmp_path / "make.py", tmp_path / "work"
    script.write_text(text.split("from stwcs")[0])
    subprocess.run([sys.executable, "-I", script, work], check=True)
    for path in exposures:
        with fits.open(work / path.name) as copy:
            assert copy["SCI"].data[1, 2] == 0
            assert copy["DQ"].data.ravel().tolist() == [0] * 7 + [8] + [0] * 12
    assert [path.read_bytes() for path in exposures] == before
    assert "numpy" not in product_script(choice, _call(exposures))
