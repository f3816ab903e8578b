"""The pool of processes: affinity, death, interruption."""

import multiprocessing
import os
import signal
import subprocess
import sys
import time
from collections import defaultdict
from contextlib import suppress
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from hstdriz_study.workers import Death, Groups, Workers, _serve


def do(item):
    """Do what the item says: give the process, die of a signal, or leave."""
    kind, value = item
    if kind == "kill":
        os.kill(os.getpid(), value)
    if kind == "exit":
        sys.exit(value)
    time.sleep(0.01)
    return os.getpid()


def test_a_killed_process_costs_its_own_item_only():
    items = [("work", n) for n in range(8)]
    items[3] = ("kill", signal.SIGKILL)
    with Workers(do, 2) as workers:
        outcomes = dict(workers.run(Groups([items[:4], items[4:]])))
    assert set(outcomes) == set(items)
    lost = outcomes.pop(items[3])
    assert isinstance(lost, Death)
    assert "SIGKILL" in str(lost)
    assert "memory" in str(lost)
    assert all(isinstance(outcome, int) for outcome in outcomes.values())


def test_a_process_that_leaves_says_its_exit_code():
    with Workers(do, 1) as workers:
        ((_, lost),) = workers.run(Groups([[("exit", 3)]]))
    assert "exit code 3" in str(lost)


def test_every_item_may_kill_its_process_and_the_pool_still_ends():
    items = [("kill", signal.SIGTERM), ("kill", signal.SIGUSR1), ("kill", signal.SIGALRM)]
    with Workers(do, 2) as workers:
        outcomes = dict(workers.run(Groups([items])))
    assert {str(death).split()[-1] for death in outcomes.values()} == {
        "SIGTERM", "SIGUSR1", "SIGALRM",
    }  # fmt: skip


def test_a_process_keeps_its_group_and_then_helps_with_the_longest():
    groups = Groups([["a0", "a1"], ["b0", "b1", "b2", "b3"], ["c0"]])
    item_a, group_a = groups.take(None)
    item_b, group_b = groups.take(None)
    assert (item_a, item_b) == ("a0", "b0")
    item, group_a = groups.take(group_a)
    assert item == "a1"
    item, group_a = groups.take(group_a)
    assert item == "c0"
    item, group_a = groups.take(group_a)
    assert item == "b1"
    assert groups.take(group_b)[0] == "b2"


@given(sizes=st.lists(st.integers(0, 5), max_size=6), n_workers=st.integers(1, 4))
def test_every_item_is_handed_out_once_and_in_order_within_its_group(sizes, n_workers):
    wanted = [[(g, n) for n in range(size)] for g, size in enumerate(sizes)]
    groups, taken = Groups(wanted), defaultdict(list)
    held = [None] * n_workers
    turn, idle = 0, 0
    while idle < n_workers:
        next_one = groups.take(held[turn % n_workers])
        idle = idle + 1 if next_one is None else 0
        if next_one is not None:
            (group, number), held[turn % n_workers] = next_one
            taken[group].append(number)
        turn += 1
    assert [taken[g] for g, _ in enumerate(sizes)] == [list(range(size)) for size in sizes]


def test_items_given_up_are_not_begun_and_those_begun_are_finished():
    groups = Groups([[("work", n) for n in range(50)]])
    done, left = [], []
    with Workers(do, 2) as workers:
        for item, _ in workers.run(groups):
            done.append(item)
            left += groups.clear()
    assert len(done) + len(left) == 50
    assert not set(done) & set(left)
    assert len(done) <= 2


def test_the_next_item_does_not_begin_before_the_caller_knows_of_the_last():
    groups = Groups([[("work", n) for n in range(5)]])
    done = []
    with Workers(do, 1) as workers:
        for item, _ in workers.run(groups):
            done.append(item)
            groups.clear()
    assert done == [("work", 0)]


def test_processes_that_are_spawned_do_the_same(tmp_path):
    script = tmp_path / "script.py"
    script.write_text(
        "import os\n"
        "from hstdriz_study.workers import Groups, Workers\n"
        "def do(item):\n"
        "    return os._exit(7) if item == 1 else item\n"
        "if __name__ == '__main__':\n"
        "    with Workers(do, 2, method='spawn') as workers:\n"
        "        outcomes = dict(workers.run(Groups([range(4)])))\n"
        "    print([str(outcomes[item]) for item in range(4)])\n"
    )
    done = subprocess.run(
        [sys.executable, script], capture_output=True, text=True, check=True, timeout=60
    )
    assert done.stdout == "['0', 'its process ended with exit code 7', '2', '3']\n"


@pytest.mark.parametrize("sent", [signal.SIGINT, signal.SIGKILL])
def test_no_process_outlives_the_first_one(tmp_path, sent):
    script = tmp_path / "script.py"
    script.write_text(
        "import os, signal, sys, time\n"
        "from pathlib import Path\n"
        "from hstdriz_study.workers import Groups, Workers\n"
        "def do(item):\n"
        "    Path(f'{item}.pid').write_text(str(os.getpid()))\n"
        "    time.sleep(60 if item < 2 and sys.argv[1] == 'long' else 0.2)\n"
        "if __name__ == '__main__':\n"
        # as in a terminal: a shell's background jobs are told to ignore it
        "    signal.signal(signal.SIGINT, signal.default_int_handler)\n"
        "    with Workers(do, 2) as workers:\n"
        "        list(workers.run(Groups([range(1000)])))\n"
    )
    # a process that was killed cannot end the others: they leave when their item is done
    length = "long" if sent == signal.SIGINT else "short"
    first = subprocess.Popen(
        [sys.executable, script, length], cwd=tmp_path, stderr=subprocess.DEVNULL
    )
    while not ((tmp_path / "1.pid").exists() and (tmp_path / "0.pid").exists()):
        assert first.poll() is None
        time.sleep(0.05)
    time.sleep(0.1)
    first.send_signal(sent)
    assert first.wait(20) != 0
    deadline = time.monotonic() + 20
    pids = [int(path.read_text()) for path in tmp_path.glob("[01].pid")]
    while any(Path(f"/proc/{pid}").exists() for pid in pids):
        assert time.monotonic() < deadline
        time.sleep(0.05)


BUSY = """
import os, sys, time
from hstdriz_study.workers import Groups, Workers
def work(item):
    os.write(1, f'{os.getpid()}\\n'.encode())  # at once: two write into one pipe
    time.sleep(1.0)
with Workers(work, 2) as workers:
    list(workers.run(Groups([[1], [2]])))
"""


@pytest.mark.skipif(sys.platform != "linux", reason="only Linux ends children with their parent")
def test_processes_end_at_once_and_without_a_word_when_their_parent_is_killed():
    parent = subprocess.Popen(
        [sys.executable, "-c", BUSY], stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True
    )
    children = [int(parent.stdout.readline()) for _ in range(2)]
    parent.kill()
    killed = time.monotonic()
    _, said = parent.communicate(timeout=10)  # until nobody is there who could write
    assert time.monotonic() - killed < 0.7
    assert said == ""
    while any(_runs(child) for child in children):  # files are closed a moment before the end
        assert time.monotonic() - killed < 0.7


def _runs(process):
    with suppress(OSError):
        return Path(f"/proc/{process}/stat").read_text().rpartition(")")[2].split()[0] not in "ZX"
    return False


def test_a_worker_whose_result_nobody_has_read_ends_without_a_word(capfd):
    forking = multiprocessing.get_context("fork")
    ours, theirs = forking.Pipe()
    worker = forking.Process(target=_serve, args=(None, theirs, str, lambda _: None, [ours]))
    worker.start()
    theirs.close()
    ours.send(1)
    assert ours.poll(30)
    ours.close()
    worker.join(30)
    assert worker.exitcode == 0
    assert not capfd.readouterr().err
