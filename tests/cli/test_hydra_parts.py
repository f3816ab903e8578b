"""Hydra's private parts are used in one module, which says why, and in versions it was read in."""

from __future__ import annotations

import re

from hydra import initialize_config_dir

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


def test_what_is_kept_belongs_to_the_directories_that_hydra_reads(tmp_path) -> None:
    asked = []

    @hydra_parts.kept_while_hydra_is
    def groups(name: str) -> list[str]:
        asked.append(name)
        return hydra_parts.config_groups()

    for group in ("one", "two"):
        (tmp_path / group / group).mkdir(parents=True)
        (tmp_path / group / group / "a.yaml").touch()
        with initialize_config_dir(str(tmp_path / group), version_base="1.3"):
            assert groups("x") == groups("x")
            assert group in groups("x")
    assert asked == ["x", "x"]
