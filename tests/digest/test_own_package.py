"""The digest on this package: under other Pythons, from the wheel, and without its comments."""

from __future__ import annotations

import ast
import json
import shutil
import subprocess
import sys
import zipfile
from pathlib import Path

import pytest

from hstdriz_study.digest.finding import Source
from hstdriz_study.digest.modules import read_module

ROOT = Path(__file__).resolve().parents[2]
PACKAGE = ROOT / "hstdriz_study"
VERSIONS = ("3.11", "3.12", "3.13", "3.14")
ROOTS = (
    "simulate.generate.generate_filter",
    "prepare.prepare.prepare_filter",
    "study.run.filter_setup.set_up_filter",
    "study.run.point.PointRunner",
    "measure.noise.measure_noise",
    "study.report.write.write_report",
)
DIGESTS = """
import json, sys
from pathlib import Path
from hstdriz_study.digest.finding import Source
from hstdriz_study.digest.nodes import Nodes
from hstdriz_study.digest.reach import reach
nodes = Nodes(Source(Path(sys.argv[1])))
roots = sys.argv[2:]
print(json.dumps([reach([f"hstdriz_study.{root}"], nodes).digest for root in roots]))
"""


def digests(package: Path, python: str = sys.executable) -> list[str]:
    """Let an interpreter of its own find the digests of several roots."""
    done = subprocess.run(
        [python, "-W", "error", "-c", DIGESTS, str(package), *ROOTS],
        cwd=ROOT, capture_output=True, text=True, check=True,
    )  # fmt: skip
    found: list[str] = json.loads(done.stdout)
    return found


@pytest.fixture(scope="module")
def own() -> list[str]:
    found = digests(PACKAGE)
    assert len(set(found)) == len(ROOTS)
    return found


def interpreter(version: str) -> str | None:
    """Find a Python of a version: by its name, or where pyenv keeps them."""
    candidates = [shutil.which(f"python{version}")]
    candidates += map(str, Path.home().glob(f".pyenv/versions/{version}*/bin/python"))
    for path in filter(None, candidates):
        told = subprocess.run([path, "-V"], capture_output=True, text=True, check=False)
        if told.returncode == 0 and told.stdout.startswith(f"Python {version}."):
            return path
    return None


@pytest.mark.parametrize("version", VERSIONS)
def test_the_digest_is_the_same_under_every_python(own, version: str) -> None:
    python = interpreter(version)
    if python is None:
        pytest.skip(f"there is no Python {version} on this machine")
    assert digests(PACKAGE, python) == own


def test_the_digest_is_the_same_from_the_wheel(own, tmp_path) -> None:
    pytest.importorskip("hatchling", reason="what builds the wheel is not installed")
    command = [sys.executable, "-m", "build", "--wheel", "--no-isolation", "--outdir"]
    subprocess.run([*command, str(tmp_path), str(ROOT)], check=True, capture_output=True)
    (wheel,) = tmp_path.glob("*.whl")
    with zipfile.ZipFile(wheel) as archive:
        archive.extractall(tmp_path / "installed")
    assert digests(tmp_path / "installed" / "hstdriz_study") == own


class _Bare(ast.NodeTransformer):
    """Takes out docstrings."""

    def visit_Expr(self, node: ast.Expr) -> ast.AST | None:
        text = isinstance(node.value, ast.Constant) and isinstance(node.value.value, str)
        return ast.Pass() if text else node


def test_the_digest_is_the_same_without_comments_layout_and_docstrings(own, tmp_path) -> None:
    copy = tmp_path / "hstdriz_study"
    shutil.copytree(PACKAGE, copy, ignore=shutil.ignore_patterns("__pycache__"))
    for path in copy.rglob("*.py"):
        bare = ast.unparse(_Bare().visit(ast.parse(path.read_bytes())))
        path.write_text(f"# another layout\n{bare}\n")
    assert digests(copy) == own


def test_no_module_changes_the_names_of_another_when_it_is_imported() -> None:
    """The digest would not see it."""
    source = Source(PACKAGE)
    for path in PACKAGE.rglob("*.py"):
        dotted = ".".join(path.relative_to(ROOT).with_suffix("").parts)
        module = source.module(dotted.removesuffix(".__init__"))
        assert module is not None
        assert not module.bound.keys() & module.imported.keys(), dotted


def test_an_import_says_whether_it_is_of_a_module_or_of_a_name() -> None:
    text = b"import a.b, c.d as e\nfrom .f import g as h\nfrom ..i import j\n"
    module = read_module(text, "package.inside.module", package="package.inside")
    assert module.imported == {
        "a": "a:", "e": "c.d:", "h": "package.inside.f:g", "j": "package.i:j",
    }  # fmt: skip
