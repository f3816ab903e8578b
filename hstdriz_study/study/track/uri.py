"""A tracking URI as typed to one that means the same from every directory."""

from __future__ import annotations

import re
from pathlib import Path
from urllib.parse import urlsplit

from hstdriz_study.errors import ConfigError

SQLITE = "sqlite:///"
DATABASES = ("postgresql", "mysql", "mssql")
SERVERS = ("http", "https")
_SECRET_OPTION = re.compile(
    r"([?&;][^=&;]*(?:password|passwd|passphrase|pwd|token|secret)[^=&;]*=)[^&;]+", re.IGNORECASE
)
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
    family, told = uri_family(uri), without_password(uri)
    if told != uri:
        raise ConfigError(
            f"track.tracking_uri={told}: holds a password, which would be copied into every "
            f"record; leave it out and give it in {_password_place(family)}"
        )
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
    return uri.rstrip("/")


def uri_family(uri: str) -> str:
    """Kind of store: ``sqlite``, ``http``, ``postgresql`` …, without the driver."""
    return uri.split(":", 1)[0].split("+", 1)[0].lower()


def without_password(uri: str) -> str:
    """Return the URI with ``***`` in place of what is secret in it.

    That is a password before the host or among the options, and whatever stands before the host
    of a server, which may be a token.
    """
    user, at, rest = uri.partition("@")
    scheme, colon_slashes, known = user.partition("://")
    if at and uri_family(uri) in SERVERS:
        uri = f"{scheme}{colon_slashes}***@{rest}"
    elif at and ":" in known:
        uri = f"{scheme}{colon_slashes}{known.split(':', 1)[0]}:***@{rest.rpartition('@')[2]}"
    return _SECRET_OPTION.sub(r"\1***", uri)


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
        "http": "MLFLOW_TRACKING_PASSWORD or MLFLOW_TRACKING_TOKEN",
        "https": "MLFLOW_TRACKING_PASSWORD or MLFLOW_TRACKING_TOKEN",
    }
    return places.get(family, "the database client's own option file")
