"""What all tests share: the shipped configuration, composed without running anything."""

from __future__ import annotations

import os
import shutil
from pathlib import Path

os.environ.setdefault("MPLBACKEND", "Agg")
os.environ.setdefault("MLFLOW_DISABLE_TELEMETRY", "true")

import pytest
from hydra import compose, initialize_config_dir
from hydra.core.config_store import ConfigStore
from hypothesis import settings

from hstdriz_study.app.grid import typed
from hstdriz_study.app.main import conf_directory
from hstdriz_study.config import StudyConfig

# Machines are shared: no property test fails because another process was busy.
settings.register_profile("untimed", deadline=None)
settings.load_profile("untimed")

ROOT = Path(__file__).resolve().parents[1]
SHARED = ROOT.parent / "shared" / "reference"


@pytest.fixture(scope="session")
def compose_config():
    """Compose the shipped configuration with overrides, checked as the program checks it."""
    ConfigStore.instance().store(name="schema", node=StudyConfig)

    def composed(*overrides: str) -> StudyConfig:
        with initialize_config_dir(str(conf_directory()), version_base="1.3"):
            return typed(compose("config", overrides=list(overrides)))

    return composed


@pytest.fixture(scope="session")
def cache_dir(tmp_path_factory) -> Path:
    """One cache for the whole test run: what is simulated or prepared once is used again."""
    return tmp_path_factory.mktemp("cache")


@pytest.fixture
def edited_copy(tmp_path_factory):
    """Copy the package and its configuration, edit texts of the package; return where it is."""

    def copied(*edits: tuple[str, str, str]) -> Path:
        directory = tmp_path_factory.mktemp("copy")
        leave = shutil.ignore_patterns("__pycache__")
        shutil.copytree(ROOT / "hstdriz_study", directory / "hstdriz_study", ignore=leave)
        shutil.copytree(ROOT / "conf", directory / "conf")
        for file, old, new in edits:
            path = directory / "hstdriz_study" / file
            text = path.read_text()
            assert text.count(old) == 1, (file, old)
            path.write_text(text.replace(old, new))
        return directory

    return copied


@pytest.fixture(scope="session")
def published_references() -> Path:
    """Directory of published calibration files, where there is one beside the checkout."""
    if not SHARED.is_dir():
        pytest.skip("no directory of published reference files beside the checkout")
    return SHARED


@pytest.fixture(scope="session")
def chromium():
    """Launch headless Chromium; no connection of its own leaves the machine."""
    sync_api = pytest.importorskip("playwright.sync_api", reason="playwright is not installed")
    path = shutil.which("chromium") or shutil.which("chromium-browser")
    if path is None:
        pytest.skip("Chromium is not installed")
    arguments = [
        "--headless", "--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run",
        "--disable-background-networking", "--disable-component-update", "--disable-sync",
    ]  # fmt: skip
    with sync_api.sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=path, args=arguments)
        yield browser
        browser.close()


def pytest_collection_modifyitems(items):
    """Start with the tests that mostly wait, so that they do not stand alone at the end."""
    items.sort(key=lambda item: item.get_closest_marker("server") is None)
