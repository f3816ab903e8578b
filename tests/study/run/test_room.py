"""Processes and files are limited, or refused, by the room there is, with the numbers."""

from __future__ import annotations

from dataclasses import replace

import pytest

from hstdriz_study.disk import require_free, size_text
from hstdriz_study.drizzle import output_grid
from hstdriz_study.errors import StudyError
from hstdriz_study.predict.needs import point_memory
from hstdriz_study.study.config import drizzle_settings
from hstdriz_study.study.run import room

GB = 1_000_000_000


@pytest.fixture
def frames(field_of_two):
    """Give points of a whole image each, of which the second has the finest pixels."""
    return [
        replace(field_of_two.point(scale, 0.8, drizzle={"engine": "frame"}), workers=2)
        for scale in ("native", 0.02)
    ]


@pytest.fixture
def fields(field_of_two):
    return {"f160w": field_of_two.field}


def test_as_many_run_as_are_asked_for_where_memory_has_room(frames, fields):
    assert room.n_workers(frames, fields, 64 * GB) == 2
    assert room.n_workers(frames[:1], fields, 64 * GB) == 1
    assert room.n_workers([], fields, 64 * GB) == 0


def test_the_largest_image_decides_how_many_have_room_and_that_is_told(frames, fields, caplog):
    prepared = fields["f160w"].prepared
    image = output_grid(prepared.mosaic, drizzle_settings(frames[1])).shape
    each = point_memory("frame", image, prepared.chips[0].shape)
    assert room.n_workers(frames, fields, 2 * each) == 2
    assert not caplog.records
    assert room.n_workers(frames, fields, 2 * each - 1) == 1
    (told,) = [record.getMessage() for record in caplog.records]
    assert f"up to {size_text(each)} of memory and {size_text(2 * each - 1)} are left" in told
    assert told.endswith("points run in 1 at a time, not 2")


def test_one_runs_where_not_one_has_room_and_is_told_what_may_happen(frames, fields, caplog):
    assert room.n_workers(frames, fields, 1) == 1
    assert "even one may be ended by the system" in caplog.text


def test_disk_without_room_is_refused_with_both_numbers(frames, fields, study_dir, tmp_path):
    room.require_disk(frames, fields, study_dir)
    with pytest.raises(StudyError, match=r"preparing f160w will take 1000000000\.0 GB .* are free"):
        require_free(tmp_path, 1e18, "preparing f160w", "prepare.cache_dir")


def test_products_of_a_scale_that_no_disk_holds_are_refused(field_of_two, fields, study_dir):
    finest = field_of_two.point(0.002, 0.8)
    room.require_disk([finest], fields, study_dir)
    wanted = replace(finest, report=replace(finest.report, make_product=True))
    many = {f"f{number}": fields["f160w"] for number in range(3000)}
    with pytest.raises(StudyError, match=r"the study, of 1 point, will take \d+\.\d GB"):
        room.require_disk([wanted], many, study_dir)


def test_an_image_that_no_memory_holds_is_refused_with_its_pixels_and_bytes(frames, fields):
    room.require_images(frames, fields, 64 * GB)
    with pytest.raises(StudyError) as refused:
        room.require_images(frames, fields, 1_000_000)
    rows, columns = output_grid(fields["f160w"].prepared.mosaic, drizzle_settings(frames[0])).shape
    told = (
        f"the image would have {columns} x {rows} pixels and take {size_text(8 * rows * columns)}"
    )
    assert told in str(refused.value)
    assert "1 MB are left; give a larger final_scale" in str(refused.value)
