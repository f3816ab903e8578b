"""What is left to a process: the least of machine, control groups and its own limit."""

from __future__ import annotations

import subprocess
import sys
from typing import TYPE_CHECKING

import pytest

from hstdriz_study.errors import StudyError
from hstdriz_study.memory import available_memory, require_memory

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

GB = 1_000_000_000
FILES = {
    "v2": ("", "memory.max", "memory.current", "inactive_file"),
    "v1": ("memory", "memory.limit_in_bytes", "memory.usage_in_bytes", "total_inactive_file"),
}


@pytest.fixture(params=FILES)
def system(tmp_path: Path, request: pytest.FixtureRequest) -> Callable[..., Path]:
    """Lay out a machine's files, as Linux does for each version of control groups."""
    below, limit, taken, given_back = FILES[request.param]
    controller = "5:cpuset,memory" if below else "0:"

    def lay_out(inside: str, groups: dict[str, tuple[object, int, int]]) -> Path:
        (tmp_path / "proc/self").mkdir(parents=True)
        (tmp_path / "proc/meminfo").write_text(
            f"MemTotal: {64 * GB // 1024} kB\nMemAvailable: {32 * GB // 1024} kB\n"
        )
        (tmp_path / "proc/self/cgroup").write_text(f"3:cpu:/elsewhere\n{controller}:{inside}\n")
        for name, values in groups.items():
            group = tmp_path / "sys/fs/cgroup" / below / name
            group.mkdir(parents=True, exist_ok=True)
            (group / limit).write_text(f"{values[0]}\n")
            (group / taken).write_text(f"{values[1]}\n")
            (group / "memory.stat").write_text(f"anon 1\n{given_back} {values[2]}\n")
        return tmp_path

    return lay_out


def test_machine_without_limits_leaves_what_the_kernel_calls_available(system) -> None:
    assert available_memory(system("/", {})) == 32 * GB // 1024 * 1024


def test_limit_of_a_job_leaves_what_it_has_not_taken_and_what_is_given_back(system) -> None:
    root = system("/job/step", {"job/step": (8 * GB, 3 * GB, GB)})
    assert available_memory(root) == 6 * GB


def test_limit_of_a_group_above_counts(system) -> None:
    root = system("/job/step", {"job": (4 * GB, GB, 0), "job/step": (8 * GB, GB, 0)})
    assert available_memory(root) == 3 * GB


def test_container_that_sees_its_group_at_the_top_is_limited(system) -> None:
    assert available_memory(system("/docker/1f", {".": (2 * GB, GB, 0)})) == GB


def test_group_without_limit_limits_nothing(system) -> None:
    root = system("/job", {"job": ("max", 3 * GB, GB)})
    assert available_memory(root) == 32 * GB // 1024 * 1024


def test_group_that_has_taken_more_leaves_nothing(system) -> None:
    assert available_memory(system("/job", {"job": (GB, 2 * GB, 0)})) == 0


def test_nothing_is_claimed_of_a_system_that_does_not_say(tmp_path: Path) -> None:
    assert available_memory(tmp_path) is None


def test_limit_of_the_process_counts(tmp_path: Path) -> None:
    program = (
        "import resource\n"
        f"resource.setrlimit(resource.RLIMIT_AS, ({8 * GB}, {8 * GB}))\n"
        "from hstdriz_study.memory import available_memory\n"
        "print(available_memory())\n"
    )
    told = subprocess.run(
        [sys.executable, "-c", program], capture_output=True, text=True, check=True, cwd=tmp_path
    )
    assert 0 < int(told.stdout) < 8 * GB


def test_work_that_memory_does_not_hold_is_refused_with_both_numbers():
    with pytest.raises(
        StudyError, match=r"preparing f814w takes about 2\.0 GB .* 1\.9 GB are left"
    ):
        require_memory(2 * GB, "preparing f814w", available_bytes=1_900_000_000)


def test_work_that_may_not_fit_is_told_and_begun(caplog):
    require_memory(2 * GB, "preparing f814w", available_bytes=2_100_000_000)
    assert "takes about 2.0 GB of memory and 2.1 GB are left" in caplog.text
    caplog.clear()
    require_memory(2 * GB, "preparing f814w", available_bytes=3 * GB)
    assert not caplog.records
