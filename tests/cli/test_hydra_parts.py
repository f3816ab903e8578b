"""Hydra's private parts are used in one module, which says why, and in versions it was read in."""

from __future__ import annotations

import re

from hstdriz_study.cli import hydra_parts

# What its documentation names. JobReturn is what its example launcher returns.
DOCUMENTED = re.compile(
    r"hydra(\.main|\.compose|\.initialize_config_dir|\.core\.config_store\..+"
    r"|\.core\.hydra_config\..+|\.core\.utils\.JobReturn|\.errors\..+|\.types\..+"
    r"|\.plugins\..+|\.experimental\.callback\..+)?"
)
HOME = "cli/hydra_parts.py"


def test_private_parts_of_hydra_are_imported_by_their_adapter_alone(imports_of) -> None:
    private = {
        path: names
        for path, found in imports_of("hydra").items()
        if (names := {name for name in found if not DOCUMENTED.fullmatch(name)})
    }
    assert set(private) == {HOME}


def test_the_adapter_says_of_each_part_of_hydra_what_it_is_for(imports_of) -> None:
    private = {name for name in imports_of("hydra")[HOME] if not DOCUMENTED.fullmatch(name)}
    assert all(f"``{name.rpartition('.')[2]}" in hydra_parts.__doc__ for name in private)


def test_the_adapter_was_read_in_the_version_of_hydra_that_is_pinned(required) -> None:
    asked, pinned = required("hydra-core")
    assert any(bound.operator == "<" for bound in asked)
    assert f"read in {pinned}." in hydra_parts.__doc__
