"""A tracking URI as typed to one that means the same from every directory."""

from __future__ import annotations

from pathlib import Path
from urllib.parse import urlsplit, urlunsplit

from hstdriz_study.errors import ConfigError

SQLITE = "sqlite:///"
DATABASES = ("postgresql", "mysql", "mssql")
SERVERS = ("http", "https")
DATABASE_PORTS = {"postgresql": 5432, "mysql": 3306, "mssql": 1433}


def absolute_uri(uri: str, base: Path) -> str:
    """Check a tracking URI and make a SQLite path absolute.

    Parameters
    ----------
    uri : str
        ``sqlite:///PATH``, ``http(s)://HOST:PORT``, or a database that
        SQLAlchemy knows (``postgresql://…``, ``mysql://…``, ``mssql://…``).
    base : `~pathlib.Path`
        Directory that a relative SQLite path starts from.

    Returns
    -------
    str

    Raises
    ------
    ConfigError
        If MLflow cannot use the URI, or if it holds a password.
    """
    family = uri_family(uri)
    if family == "sqlite":
        path = uri.removeprefix(SQLITE)
        if not uri.startswith(SQLITE) or not path or path.startswith(":memory:"):
            raise ConfigError(
                f"track.tracking_uri={uri}: names no file; write sqlite:///DIR/mlflow.db"
            )
        return f"{SQLITE}{(base / path).resolve()}"
    if family not in (*DATABASES, *SERVERS):
        raise ConfigError(
            f"track.tracking_uri={uri}: MLflow no longer keeps runs in plain directories; use "
            "sqlite:///DIR/mlflow.db, or the http:// address of a server, or postgresql://…"
        )
    if not urlsplit(uri).hostname and family in SERVERS:
        raise ConfigError(f"track.tracking_uri={uri}: names no host; write http://HOST:PORT")
    if urlsplit(uri).password:
        raise ConfigError(
            f"track.tracking_uri={without_password(uri)}: holds a password, which would be copied "
            f"into every record; leave it out and give it in {_password_place(family)}"
        )
    return uri.rstrip("/")


def uri_family(uri: str) -> str:
    """Kind of store: ``sqlite``, ``http``, ``postgresql`` …, without the driver."""
    return uri.split(":", 1)[0].split("+", 1)[0].lower()


def without_password(uri: str) -> str:
    """Return the URI with ``***`` in place of its password."""
    parts = urlsplit(uri)
    if not parts.password:
        return uri
    user, _, host = parts.netloc.rpartition("@")
    return urlunsplit(parts._replace(netloc=f"{user.split(':', 1)[0]}:***@{host}"))


def sqlite_path(uri: str) -> Path | None:
    """Return the file of a SQLite store, None for every other store."""
    return Path(uri.removeprefix(SQLITE)) if uri_family(uri) == "sqlite" else None


def artifact_location(uri: str, base: Path) -> str | None:
    """Where the artifacts of a new experiment go.

    MLflow's own default for a database is ``./mlruns`` below whatever directory
    the process happens to stand in.

    Returns
    -------
    str or None
        ``file://`` URI of ``mlartifacts`` beside a SQLite file, or below `base`
        for another database; None for a server, which decides itself.
    """
    if uri_family(uri) in SERVERS:
        return None
    path = sqlite_path(uri)
    directory = path.parent if path is not None else base.resolve()
    return (directory / "mlartifacts").as_uri()


def _password_place(family: str) -> str:
    places = {
        "postgresql": "~/.pgpass or PGPASSWORD",
        "http": "MLFLOW_TRACKING_PASSWORD",
        "https": "MLFLOW_TRACKING_PASSWORD",
    }
    return places.get(family, "the database client's own option file")
