"""What all tests share: the shipped configuration, composed without running anything."""

from __future__ import annotations

import ast
import os
import re
import shutil
import signal
import subprocess
import tomllib
from pathlib import Path
from typing import TYPE_CHECKING

os.environ.setdefault("MPLBACKEND", "Agg")
os.environ.setdefault("MLFLOW_DISABLE_TELEMETRY", "true")

import numpy as np
import pytest
from astropy.io import fits
from hypothesis import settings
from packaging.requirements import Requirement

from hstdriz_study.cli.registered import register
from hstdriz_study.cli.shipped import shipped_config
from hstdriz_study.dataset import synthetic_directory
from hstdriz_study.simulate import SyntheticSpec
from hstdriz_study.study.config import shipped_defaults, synthetic_source

if TYPE_CHECKING:
    from collections.abc import Sequence

    from packaging.specifiers import SpecifierSet

# Machines are shared: no property test fails because another process was busy.
settings.register_profile("untimed", deadline=None)
settings.load_profile("untimed")

# Whoever starts the tests with nohup has it ignored, and so would the programs that they start.
signal.signal(signal.SIGHUP, signal.SIG_DFL)

register()  # tests compose configurations of their own

ROOT = Path(__file__).resolve().parents[1]
SHARED = ROOT.parent / "shared" / "reference"


@pytest.fixture(scope="session")
def compose_config():
    """Compose the shipped configuration with overrides, checked as the program checks it."""
    return shipped_config


@pytest.fixture(scope="session")
def spec_of():
    """Specify a simulated set: what is not given is as shipped."""

    def specify(**values) -> SyntheticSpec:
        shipped = shipped_defaults()["dataset"]
        of_simulation = ("seed", "full_frame", "n_exposures", "pointing_error_px")
        return SyntheticSpec(**{name: shipped[name] for name in of_simulation} | values)

    return specify


@pytest.fixture(scope="session")
def cache_dir(tmp_path_factory) -> Path:
    """One cache for the whole test run: what is simulated or prepared once is used again.

    HSTDRIZ_STUDY_TEST_CACHE names one to keep, where the same tests are run many times.
    """
    kept = os.environ.get("HSTDRIZ_STUDY_TEST_CACHE")
    return Path(kept) if kept else tmp_path_factory.mktemp("cache")


@pytest.fixture(scope="session")
def sound_f160w(compose_config, cache_dir) -> Path:
    """Return a directory of simulated exposures, made once."""
    config = compose_config("filter=f160w", "dataset=synthetic")
    config.prepare.cache_dir = str(cache_dir)
    return synthetic_directory(synthetic_source(config))


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
def numberless(tmp_path_factory):
    """Copy exposures with pixels of NaN and infinity, or with what a careful user makes of them."""

    def plant(exposures: Sequence[Path], *, by_hand: bool = False) -> Path:
        directory = tmp_path_factory.mktemp("numberless")
        for number, path in enumerate(exposures):
            copy = Path(shutil.copyfile(path, directory / path.name))
            rng = np.random.default_rng(number)
            with fits.open(copy, mode="update") as hdus:
                for science in [hdu for hdu in hdus if hdu.name == "SCI"]:
                    kinds = rng.random(science.shape)
                    planted, unflagged = kinds < 0.004, kinds < 0.002
                    values = rng.choice([np.nan, np.inf, -np.inf], science.shape)
                    science.data[planted] = 0 if by_hand else values[planted]
                    flagged = planted if by_hand else planted & ~unflagged
                    hdus["DQ", science.ver].data[flagged] |= 4
        return directory

    return plant


@pytest.fixture(scope="session")
def imports_of():
    """Return what the package imports of a library, by module of ours: dotted names."""

    def imported(library: str) -> dict[str, set[str]]:
        package = ROOT / "hstdriz_study"
        named = {
            path.relative_to(package).as_posix(): {
                name
                for node in ast.walk(ast.parse(path.read_text()))
                for name in _imported_names(node)
                if name.split(".")[0] == library
            }
            for path in package.rglob("*.py")
        }
        return {path: names for path, names in named.items() if names}

    return imported


def _imported_names(node: ast.AST) -> list[str]:
    match node:
        case ast.Import(names=names):
            return [name.name for name in names]
        case ast.ImportFrom(module=str(module), names=names):
            return [f"{module}.{name.name}" for name in names]
        case ast.Call(func=ast.Name(id="import_module"), args=[ast.Constant(value=str(name))]):
            return [name]
    return []


@pytest.fixture(scope="session")
def required():
    """Return what pyproject.toml asks of a library, and the version that is pinned."""

    def looked_up(library: str) -> tuple[SpecifierSet, str]:
        project = tomllib.loads((ROOT / "pyproject.toml").read_text())["project"]
        asked = {need.name: need for need in map(Requirement, project["dependencies"])}
        pinned = re.search(
            rf"^{library}==(\S+)", (ROOT / "requirements" / "run.txt").read_text(), re.MULTILINE
        )
        return asked[library].specifier, pinned[1]

    return looked_up


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


@pytest.fixture
def disk_of(tmp_path):
    """Mount file systems of a few kilobytes."""
    mounted = []

    def mount(size, below=tmp_path):
        directory = below / size
        directory.mkdir()
        made = subprocess.run(
            ["mount", "-t", "tmpfs", "-o", f"size={size}", "tmpfs", directory],
            capture_output=True, text=True, check=False,
        )  # fmt: skip
        if made.returncode:
            pytest.skip(f"a small file system cannot be mounted: {made.stderr.strip()}")
        mounted.append(directory)
        return directory

    yield mount
    for directory in mounted:
        subprocess.run(["umount", "--lazy", directory], check=True)  # MLflow keeps files open


def pytest_collection_modifyitems(items):
    """Start with the tests that mostly wait, so that they do not stand alone at the end."""
    items.sort(key=lambda item: item.get_closest_marker("server") is None)
