"""What is prepared is filed under the content of what was copied, whatever happens meanwhile."""

from __future__ import annotations

import shutil
from dataclasses import replace

import pytest

from hstdriz_study.cache import file_checksum
from hstdriz_study.errors import DatasetError
from hstdriz_study.keys import StageKey
from hstdriz_study.prepare.prepare import _copy, _require_unchanged


@pytest.fixture
def exposure(tmp_path):
    path = tmp_path / "a_flt.fits"
    path.write_bytes(b"first")
    return path


def content(*paths):
    return [[path.name, file_checksum(path)] for path in paths]


def test_an_exposure_that_is_replaced_before_it_is_copied_is_named(exposure, tmp_path):
    known = content(exposure)
    exposure.write_bytes(b"other")
    (tmp_path / "copies").mkdir()
    with pytest.raises(DatasetError, match=f"^{exposure}: was replaced while it was read"):
        _copy(known, (exposure,), tmp_path / "copies")


def test_copies_are_those_of_the_key(exposure, tmp_path):
    (tmp_path / "copies").mkdir()
    _copy(content(exposure), (exposure,), tmp_path / "copies")
    assert content(tmp_path / "copies" / exposure.name) == content(exposure)


def test_a_calibration_file_that_is_replaced_while_it_is_used_is_named(exposure, tmp_path):
    table = tmp_path / "idc.fits"
    shutil.copyfile(exposure, table)
    before = StageKey(
        inputs={"exposures": content(exposure), "references": content(table)},
        options={}, versions={}, code={},
    )  # fmt: skip
    _require_unchanged(before, replace(before, inputs=dict(before.inputs)))
    table.write_bytes(b"another")
    after = replace(before, inputs=before.inputs | {"references": content(table)})
    with pytest.raises(DatasetError, match=r"^idc\.fits: was replaced while it was read"):
        _require_unchanged(before, after)
