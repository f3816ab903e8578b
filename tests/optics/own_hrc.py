"""Another ACS/HRC, as a user would add it: the built-in one under a name of its own."""

from __future__ import annotations

from pathlib import Path

_CHECKOUT = Path(__file__).parents[2]
_DETECTORS = _CHECKOUT / "hstdriz_study" / "optics" / "detectors"
_RECORD = {
    'name="acs_hrc"': 'name="own_hrc"',
    "ACS_HRC =": "HRC =",
    'f"hrc_{element.lower()}"': 'f"own_{element.lower()}"',
    "from importlib.resources import files": "from pathlib import Path",
    'files(__package__) / "acs_hrc_idctab.ecsv"': 'Path(__file__).with_name("own_hrc_idctab.ecsv")',
}
_FILTER = {"/detector/acs_hrc@": "/detector/own_hrc@", "name: hrc_f606w": "name: own_f606w"}


def write_own_hrc(place: Path) -> None:
    """Write the four files beside where one works: record, distortion table, two YAML files."""
    for room in ("detector", "filter"):
        (place / room).mkdir(parents=True, exist_ok=True)
    record = _changed(_DETECTORS / "acs_hrc.py", _RECORD)
    (place / "hrc.py").write_text(_of_one_filter(record))
    table = (_DETECTORS / "acs_hrc_idctab.ecsv").read_bytes()
    (place / "own_hrc_idctab.ecsv").write_bytes(table)
    conf = _CHECKOUT / "conf"
    described = (conf / "detector" / "acs_hrc.yaml").read_text()
    (place / "detector" / "own_hrc.yaml").write_text(f"record: hrc.HRC\n{described}")
    of_filter = _changed(conf / "filter" / "hrc_f606w.yaml", _FILTER)
    (place / "filter" / "own_f606w.yaml").write_text(of_filter)


def _of_one_filter(record: str) -> str:
    """Leave the first of the filters of a record, F606W: each has a YAML file."""
    first = record.index("        _passband(")
    second = record.index("        _passband(", first + 1)
    end = record.index("    ),\n)", second)
    return record[:second] + record[end:]


def _changed(path: Path, replaced: dict[str, str]) -> str:
    text = path.read_text()
    for old, new in replaced.items():
        assert old in text, f"{path}: no {old}"
        text = text.replace(old, new)
    return text
