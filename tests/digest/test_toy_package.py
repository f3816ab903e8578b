"""What counts for the digest of a root function and what does not, on a package of a few lines."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from hstdriz_study.digest.finding import Source
from hstdriz_study.digest.nodes import Nodes
from hstdriz_study.digest.reach import reach

if TYPE_CHECKING:
    from pathlib import Path

TOY = {
    "__init__.py": "",
    "work.py": '''
"""A module."""
from __future__ import annotations
import logging
from functools import partial
from importlib.resources import files
from typing import TYPE_CHECKING
import numpy as np
from toy import shapes, tools
from toy.measuring import measure
from toy.tools import TABLE, helper as help_out
if TYPE_CHECKING:
    from toy.shapes import Square

log = logging.getLogger(__name__)
WIDTH: float = 2.0
HEIGHT = WIDTH * 2
UNRELATED = 1

def work(square: Square, *, start=HEIGHT) -> float:
    """Work."""
    from toy.lazy import late
    log.info("working %s", square)
    found = partial(_scaled, 3)
    if square.area() < 0:
        raise ValueError(f"{square} is negative")
    return found(start) + late() + shapes.corners() + TABLE["plus"](1) + measure() + help_out(1)

@tools.decorated
def _scaled(factor, value):
    UNRELATED = 5  # a name of its own
    return np.sqrt(factor * value) + len(files("toy.data").name) + UNRELATED

def unrelated():
    return UNRELATED
''',
    "shapes.py": """
class Base:
    def side(self): return 1.0

class Square(Base):
    size: float = 1.0
    def area(self): return self.size * self.side()

def corners():
    return Other().count

class Other:
    count = 4
""",
    "tools.py": """
def helper(value): return value + 1
def plus(value): return value
def minus(value): return -value
def never(): return 0
def decorated(function): return function
TABLE = {"plus": plus}
TABLE["minus"] = minus
""",
    "lazy.py": "from toy.tools import helper\n\ndef late(): return helper(7)\n",
    "measuring/__init__.py": """
from typing import TYPE_CHECKING
if TYPE_CHECKING:
    from toy.measuring.core import measure
else:
    from toy.tools import never as __getattr__
""",
    "measuring/core.py": """
NAME = "toy.measuring.named.named"
def measure(): return NAME
print("at import")
""",
    "measuring/named.py": "def named(): return 8\n",
    "data/__init__.py": "",
    "data/table.txt": "1 2 3\n",
}  # fmt: skip


@pytest.fixture
def digest(tmp_path):
    """Return the digest of ``toy.work.work`` in the package with some texts replaced."""
    count = iter(range(1000))

    def of(*changes: tuple[str, str, str], root: str = "toy.work.work", without=()) -> str:
        directory = tmp_path / str(next(count)) / "toy"
        files = dict(TOY)
        for name, old, new in changes:
            assert old in files[name], old
            files[name] = files[name].replace(old, new)
        write(directory, files)
        return reach([root], Nodes(Source(directory)), without).digest

    return of


def write(directory: Path, files: dict[str, str]) -> None:
    for name, text in files.items():
        path = directory / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text)


@pytest.mark.parametrize(
    ("file", "old", "new"),
    [
        ("work.py", '"""Work."""', '"""Work differently described."""'),
        ("work.py", '    """Work."""\n', ""),
        ("work.py", "# a name of its own", "# another comment"),
        ("work.py", "-> float:", "-> int | None:"),
        ("work.py", "WIDTH: float = 2.0", "WIDTH = 2.0"),
        ("work.py", 'log.info("working %s", square)', "pass"),
        ("work.py", '"working %s"', '"at work on %s"'),
        ("work.py", 'f"{square} is negative"', '"negative" + str(1)'),
        ("work.py", "return UNRELATED", "return UNRELATED + 1"),
        ("work.py", "UNRELATED = 1", "UNRELATED = 2"),
        ("work.py", "def unrelated", "def quite_unrelated"),
        ("work.py", "3)\n", "3,)\n"),
        ("tools.py", "never(): return 0", "never(): return 1"),
        ("measuring/__init__.py", "tools import never", "tools import plus"),
        ("shapes.py", "size: float", "size: int"),
    ],
)
def test_what_is_said_and_what_is_not_run_change_nothing(digest, file, old, new) -> None:
    assert digest((file, old, new)) == digest()


@pytest.mark.parametrize(
    ("file", "old", "new"),
    [
        ("work.py", "WIDTH: float = 2.0", "WIDTH: float = 2.5"),
        ("work.py", "start=HEIGHT", "start=WIDTH"),
        ("work.py", "_scaled, 3", "_scaled, 4"),
        ("work.py", "np.sqrt(", "np.cbrt("),
        ("work.py", "import numpy as np", "import math as np"),
        ("work.py", "UNRELATED = 5", "UNRELATED = 6"),
        ("work.py", "raise ValueError", "raise KeyError"),
        ("work.py", "square.area() < 0", "square.area() <= 0"),
        ("work.py", "helper as help_out", "plus as help_out"),
        ("work.py", "@tools.decorated\n", ""),
        ("shapes.py", "side(self): return 1.0", "side(self): return 2.0"),
        ("shapes.py", "self.size * self.side()", "self.size + self.side()"),
        ("shapes.py", "count = 4", "count = 5"),
        ("tools.py", "return value + 1", "return value + 2"),
        ("tools.py", "return -value", "return -2 * value"),
        ("tools.py", 'TABLE["minus"] = minus', 'TABLE["minus"] = plus'),
        ("tools.py", "return function", "return lambda *_: 0"),
        ("lazy.py", "helper(7)", "helper(8)"),
        ("measuring/core.py", "return NAME", "return NAME[1:]"),
        ("measuring/core.py", 'print("at import")', 'print("twice")'),
        ("measuring/named.py", "return 8", "return 9"),
        ("data/table.txt", "1 2 3", "1 2 4"),
    ],
)
def test_what_is_reached_counts(digest, file, old, new) -> None:
    assert digest((file, old, new)) != digest()


def test_a_definition_that_moves_to_another_module_is_the_same(digest) -> None:
    late = "def late(): return helper(7)\n"
    moved = digest(
        ("lazy.py", late, ""),
        ("tools.py", "def never", f"{late}\ndef never"),
        ("work.py", "from toy.lazy import", "from toy.tools import"),
    )
    assert moved == digest()


def test_definitions_that_change_places_are_not_the_same(digest) -> None:
    swapped = digest(
        ("tools.py", "def helper(value): return value + 1", "def helper(value): return value"),
        ("tools.py", "def plus(value): return value\n", "def plus(value): return value + 1\n"),
    )
    assert swapped != digest()


def test_what_is_left_out_is_not_followed(digest) -> None:
    other = ("tools.py", "return -value", "return -2 * value")
    assert digest(other, without=["toy.tools.TABLE"]) == digest(without=["toy.tools.TABLE"])


def test_a_root_that_is_not_there_is_named(digest) -> None:
    with pytest.raises(LookupError, match=r"toy\.work binds no 'play'"):
        digest(root="toy.work.play")
    with pytest.raises(LookupError, match="other"):
        digest(root="other.work")


def test_a_recursion_ends(digest) -> None:
    mutual = ("tools.py", "return value + 1", "return helper(TABLE and plus(value))")
    assert digest(mutual) != digest()
