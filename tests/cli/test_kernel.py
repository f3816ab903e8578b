"""The bar of a sweep in a real kernel, as a notebook gets it; `make docs` has one and runs this."""

from __future__ import annotations

import pytest

pytest.importorskip("ipykernel", reason="no notebook kernel here; make docs installs one")
from jupyter_client.manager import start_new_kernel

DRAWS = ("display_data", "update_display_data")
FOLLOWED = """
import sys, tempfile
from hstdriz_study.cli.notebook import _followed
said = {said!r}
command = "import sys; print(*" + repr(said) + ", sep=chr(10), file=sys.stderr)"
with tempfile.TemporaryFile("w+") as told:
    _followed([sys.executable, "-c", command], told)
"""


@pytest.fixture(scope="module")
def drawn():
    """Run code in a kernel; return the states of the one display that it draws, in order."""
    manager, client = start_new_kernel()

    def run(code):
        states, places = [], set()

        def see(message):
            if message["msg_type"] in DRAWS:
                states.append(message["content"]["data"]["text/html"])
                places.add(message["content"]["transient"]["display_id"])

        reply = client.execute_interactive(code, output_hook=see, timeout=120)
        assert len(places) == 1
        return states, reply["content"]

    yield run
    client.stop_channels()
    manager.shutdown_kernel(now=True)


def test_one_bar_follows_the_command_from_step_to_step(drawn):
    said = ["simulating f160w: 1 of 4", "a warning <of ours>", "[1/2] 0.08", "[2/2] 0.06"]
    states, reply = drawn(FOLLOWED.format(said=said))
    assert reply["status"] == "ok"
    assert states == [
        "",
        "<progress value=1 max=4></progress> simulating f160w: 1 of 4",
        "a warning &lt;of ours&gt;",
        "<progress value=1 max=2></progress> [1/2] 0.08",
        "<progress value=2 max=2></progress> [2/2] 0.06",
        "done",
    ]


def test_what_the_command_refuses_stays_in_place_of_the_bar_and_is_raised(drawn, tmp_path):
    asked = f"'filter=f160v', directory={str(tmp_path / 'none')!r}"
    states, reply = drawn(f"from hstdriz_study.api import run_sweep; run_sweep({asked})")
    assert "did you mean f160w" in states[-1]
    assert reply["ename"] == "StudyError"
    assert "did you mean f160w" in reply["evalue"]
