"""Published numbers, shipped with their sources."""

from __future__ import annotations

from importlib.resources import as_file, files

from astropy.table import Table


def published(name: str) -> Table:
    """Read a table of ``data/``.

    Parameters
    ----------
    name : str
        File name without ``.ecsv``.

    Returns
    -------
    `~astropy.table.Table`
        ``meta["source"]`` says where the numbers come from.
    """
    resource = files("hstdriz_study.validate") / "data" / f"{name}.ecsv"
    with as_file(resource) as path:
        return Table.read(path, format="ascii.ecsv")
