"""``hstdriz-study ui``: the links it tells are answered, and nothing is left when it ends."""

from __future__ import annotations

import os
import re
import signal
import socket
import subprocess
import sys
import time
import urllib.request
from contextlib import closing, contextmanager
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from hstdriz_study.errors import StudyError
from hstdriz_study.json_files import read_json, write_json
from hstdriz_study.study.directory.layout import StudyDirectory
from hstdriz_study.study.track import close_study, send_point
from hstdriz_study.study.track.serve import PAGES_HOST, free_port
from hstdriz_study.study.ui import newest_study
from tests.study.track.charts_page import first_row_of_close_pictures

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from types import SimpleNamespace

# Programs of a shell's background ignore Ctrl-C otherwise.
COMMAND = """
import signal
signal.signal(signal.SIGINT, signal.default_int_handler)
from hstdriz_study.cli.main import main
main()
"""
DISPLAYS = ("BROWSER", "DISPLAY", "WAYLAND_DISPLAY")
WITHIN_THEIR_CELLS = """all => all.map(name => name.getBoundingClientRect().right
    <= name.closest(".ag-cell").getBoundingClientRect().right)"""


@pytest.fixture(scope="module")
def study(
    study_maker: Callable[[Path], SimpleNamespace],
    empty_database: Path,
    tmp_path_factory: pytest.TempPathFactory,
) -> StudyDirectory:
    """Send a study of twelve points and a failed one to a store of its own."""
    directory = tmp_path_factory.mktemp("served")
    (directory / "mlflow.db").write_bytes(empty_database.read_bytes())
    make_study = study_maker(directory / "hstdriz-runs" / "quickstart")
    made = make_study.open(f"sqlite:///{directory / 'mlflow.db'}", "one")
    for point in make_study.grid(made):
        send_point(made, point)
    make_study.results(made)
    close_study(made, "FINISHED")
    return StudyDirectory(made.path)


@contextmanager
def running(*arguments: object, cwd: Path, **environment: str) -> Iterator[subprocess.Popen[str]]:
    """Run the command where nothing can be shown, but for what `environment` says."""
    bare = {name: value for name, value in os.environ.items() if name not in DISPLAYS}
    process = subprocess.Popen(
        [sys.executable, "-c", COMMAND, "ui", *map(str, arguments)],
        cwd=cwd, env=bare | environment, text=True,
        stdout=subprocess.PIPE, stderr=subprocess.PIPE,
    )  # fmt: skip
    try:
        yield process
    finally:
        if process.poll() is None:
            process.terminate()
        process.communicate(timeout=60)


def told(process: subprocess.Popen[str]) -> str:
    """Read what is printed until the links are complete."""
    lines: list[str] = []
    while not lines or not lines[-1].startswith("Ctrl-C"):
        line = process.stdout.readline()
        assert line, (lines, process.stderr.read())
        lines.append(line)
    return "".join(lines)


def port_of(text: str) -> int:
    return int(re.search(rf"http://{re.escape(PAGES_HOST)}:(\d+)/#/experiments", text)[1])


def answer_of(port: int) -> str:
    opener = urllib.request.build_opener(urllib.request.ProxyHandler({}))
    asked = urllib.request.Request(f"http://127.0.0.1:{port}/")
    asked.add_header("Host", f"{PAGES_HOST}:{port}")
    with opener.open(asked, timeout=60) as answer:
        return str(answer.read().decode())


def is_taken(port: int) -> bool:
    with closing(socket.socket()) as probe:
        return probe.connect_ex(("127.0.0.1", port)) == 0


def session_of(process: subprocess.Popen[str]) -> set[int]:
    """Return the processes that a process began, and theirs."""
    parents = {}
    for stat in Path("/proc").glob("[0-9]*/stat"):
        try:
            fields = stat.read_text().rpartition(")")[2].split()
        except (FileNotFoundError, ProcessLookupError):
            continue
        if fields[0] != "Z":
            parents[int(stat.parent.name)] = int(fields[1])
    found, before = {process.pid}, set()
    while found != before:
        before = set(found)
        found |= {child for child, parent in parents.items() if parent in found}
    return found - {process.pid}


@pytest.mark.server
@pytest.mark.parametrize("ending", [signal.SIGINT, signal.SIGTERM, signal.SIGHUP])
def test_the_pages_answer_until_the_command_is_ended_and_nothing_is_left(
    study: StudyDirectory, tmp_path: Path, ending: signal.Signals
) -> None:
    with running(study, cwd=tmp_path) as process:
        text = told(process)
        port = port_of(text)
        assert "<title>MLflow</title>" in answer_of(port)
        assert f"ssh -N -L {port}:127.0.0.1:{port} " in text
        begun = session_of(process)
        assert len(begun) >= 2  # MLflow's command, and the server
        process.send_signal(ending)
        process.communicate(timeout=60)
        assert process.returncode == 0
    assert not is_taken(port)
    assert not {pid for pid in begun if Path(f"/proc/{pid}").exists()}


@pytest.mark.server
def test_a_busy_port_is_avoided_and_the_browser_is_given_report_and_comparison(
    study: StudyDirectory, tmp_path: Path
) -> None:
    opened = tmp_path / "opened.txt"
    browser = tmp_path / "browser"
    browser.write_text(f'#!/bin/sh\necho "$1" >> "{opened}"\n')
    browser.chmod(0o755)
    with closing(socket.socket()) as busy:
        busy.bind(("127.0.0.1", 0))
        busy.listen()
        taken = busy.getsockname()[1]
        description = read_json(study.description)
        changed = description | {"tracking": description["tracking"] | {"ui_port": taken}}
        write_json(study.description, changed)
        # without a name: the newest study below hstdriz-runs
        where = study.path.parents[2]
        with running(cwd=where, BROWSER=str(browser)) as process:
            text = told(process)
            port = port_of(text)
            deadline = time.monotonic() + 60
            while len(opened.read_text().split() if opened.exists() else ()) < 2:
                assert time.monotonic() < deadline
                time.sleep(0.1)
            assert port != taken
            assert "ssh" not in text
            report, comparison = opened.read_text().split()
            assert report == study.html.as_uri()
            assert comparison in text
            process.terminate()
            _, told_besides = process.communicate(timeout=60)
            assert str(study) in told_besides


def test_the_port_of_the_recorded_links_is_taken_where_it_is_free(
    free_port_of_tests: int,
) -> None:
    assert free_port(free_port_of_tests) == free_port_of_tests


@pytest.fixture
def free_port_of_tests() -> int:
    with closing(socket.socket()) as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def said_instead(*arguments: object, cwd: Path) -> str:
    with running(*arguments, cwd=cwd) as process:
        _, said = process.communicate(timeout=120)
    assert process.returncode == 2
    return said.splitlines()[-1]


def test_a_store_that_is_gone_is_not_made_again(study: StudyDirectory, tmp_path: Path) -> None:
    copy = StudyDirectory(tmp_path / "copy")
    copy.path.mkdir()
    content = read_json(study.description)
    gone = tmp_path / "gone.db"
    changed = {**content["tracking"], "tracking_uri": f"sqlite:///{gone}"}
    write_json(copy.description, content | {"tracking": changed})
    assert "the tracking database is gone; run `hstdriz-study send" in said_instead(
        copy, cwd=tmp_path
    )
    assert not gone.exists()


def test_a_store_without_the_study_says_how_it_comes_there(
    study: StudyDirectory, empty_database: Path, tmp_path: Path
) -> None:
    copy = StudyDirectory(tmp_path / "copy")
    copy.path.mkdir()
    content = read_json(study.description)
    changed = {**content["tracking"], "tracking_uri": f"sqlite:///{empty_database}"}
    write_json(copy.description, content | {"tracking": changed})
    assert "does not hold the study one; run `hstdriz-study send" in said_instead(
        copy, cwd=tmp_path
    )


def test_where_there_is_no_study_one_sentence_says_so(tmp_path: Path) -> None:
    with pytest.raises(StudyError, match="holds no study here; name its directory"):
        newest_study(tmp_path / "hstdriz-runs")


@pytest.mark.server
def test_a_study_on_a_server_is_shown_there_and_nothing_is_started(
    make_study: SimpleNamespace, server: SimpleNamespace, tmp_path: Path
) -> None:
    study = make_study.open(server.uri)
    with running(study, cwd=tmp_path) as process:
        text, _ = process.communicate(timeout=120)
    assert process.returncode == 0
    assert f"{server.uri}/#/experiments/" in text
    assert "Ctrl-C" not in text


@pytest.mark.browser
@pytest.mark.server
def test_the_comparison_has_the_page_to_itself_with_every_name_and_the_close_pictures_whole(
    study: StudyDirectory, tmp_path: Path, chromium: SimpleNamespace
) -> None:
    with running(study, cwd=tmp_path) as process:
        link = next(line.split()[1] for line in told(process).splitlines() if "Comparison" in line)
        for width in (1280, 1440, 1600):
            context = chromium.new_context(viewport={"width": width, "height": 1000})
            page = context.new_page()
            page.set_default_timeout(90_000)
            page.goto(link)
            page.get_by_text("13 matching runs").wait_for()
            names = page.locator(".ag-pinned-left-cols-container a, .ag-center-cols-container a")
            names.nth(12).wait_for()
            assert all(names.evaluate_all(WITHIN_THEIR_CELLS))
            assert page.locator("[data-assistant-ui]").count() == 0
            row = first_row_of_close_pictures(page)
            captions = [picture["caption"] for picture in row]
            assert captions == [
                "f160w 0.065″ pf 0.4",
                "f160w 0.08″ pf 0.7",
                "★ f160w 0.065″ pf 0.7",
            ]
            assert all(picture["right"] < width and picture["whole"] for picture in row)
            page.screenshot(path=tmp_path / f"{width}.png")
            context.close()
