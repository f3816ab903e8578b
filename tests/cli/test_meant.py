"""Paths and names as people type them are what Hydra is given."""

from __future__ import annotations

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from hstdriz_study.cli.hydra_parts import parsed_overrides
from hstdriz_study.cli.meant import as_meant


@pytest.mark.parametrize(
    ("typed", "meant"),
    [
        ("filter=F160W", "filter=f160w"),
        ("filter=F160W,F814W", "filter=f160w,f814w"),
        ("filter=f160v", "filter=f160v"),
        ("refine=true", "refine.enabled=true"),
        ("study=Quickstart", "study=quickstart"),
        ("dataset.path=~/data", "dataset.path='~/data'"),
        ("dataset.path=null", "dataset.path=null"),
        ("dataset.path='a b'", "dataset.path='a b'"),
        ("dataset.path=/data/${filter.name}", "dataset.path=/data/${filter.name}"),
        ("drizzle.final_pixfrac=0.6,0.8", "drizzle.final_pixfrac=0.6,0.8"),
        ("--multirun", "--multirun"),
    ],
)
def test_what_is_typed_is_what_is_meant(typed, meant):
    assert as_meant(typed) == meant


@given(st.text("ab /.\\'\"(){}[],=:~#!?*&%@;-_é", min_size=1, max_size=20))
def test_any_path_reaches_hydra_as_it_was_typed(path):
    assume(path[0] not in "'\"")
    (override,) = parsed_overrides([as_meant(f"dataset.path={path}")])
    assert not override.is_sweep_override()
    value = override.value()
    assert str(getattr(value, "text", value)) == path or str(value) == path
