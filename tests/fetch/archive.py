"""A server of one's own that answers as MAST, its name resolver and CRDS do, with faults.

The requests are those of the real astroquery and crds; the answers have the fields that they read.
"""

from __future__ import annotations

import base64
import gzip
import hashlib
import json
import re
import threading
import time
from collections import defaultdict
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import TYPE_CHECKING, Any
from urllib.parse import parse_qs, unquote, urlsplit

import numpy as np

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

# Of the columns of Mast.Caom.Cone those that are asked by; a criterion of another name is refused.
COLUMNS = {
    "obs_collection": "string", "instrument_name": "string", "filters": "string",
    "proposal_id": "string", "obs_id": "string", "obsid": "string", "target_name": "string",
    "s_ra": "float", "s_dec": "float",
}  # fmt: skip
PRODUCT_COLUMNS = {
    "obsID": "string", "obs_collection": "string", "obs_id": "string", "dataURI": "string",
    "productFilename": "string", "size": "int", "parent_obsid": "string", "dataRights": "string",
}  # fmt: skip
STALL_S = 8.0


@dataclass
class Archive:
    """What the server has, the faults it will make, and what it was asked.

    Attributes
    ----------
    observations, products : list of dict
        Rows of the archive's tables.
    files : dict of str to bytes
        By URI.
    references : dict of str to bytes
        Calibration files, by name.
    faults : dict of str to list of str
        By ``query``, ``file`` or ``reference``: what happens to the next requests, one each.
    asked : list of str
        Every request: its kind, and what for.
    watched : Path or None
        Of which ``was_there`` says, request by request, whether it was there.
    """

    url: str = ""
    observations: list[dict[str, Any]] = field(default_factory=list)
    products: list[dict[str, Any]] = field(default_factory=list)
    files: dict[str, bytes] = field(default_factory=dict)
    references: dict[str, bytes] = field(default_factory=dict)
    faults: dict[str, list[str]] = field(default_factory=lambda: defaultdict(list))
    asked: list[str] = field(default_factory=list)
    served: dict[str, int] = field(default_factory=lambda: defaultdict(int))
    watched: Path | None = None
    was_there: list[bool] = field(default_factory=list)
    takes_ranges: bool = True
    redirects: bool = False

    def fault(self, kind: str) -> str:
        return self.faults[kind].pop(0) if self.faults[kind] else ""

    def of_kind(self, kind: str) -> list[str]:
        return [one.partition(" ")[2] for one in self.asked if one.startswith(kind)]

    def add_observation(self, obs_id: str, **row: Any) -> str:
        obsid = str(24_000_000 + len(self.observations))
        self.observations.append({"obs_id": obs_id, "obsid": obsid, **row})
        return obsid

    def add_product(
        self, obsid: str, obs_id: str, name: str, content: bytes = b"", **row: Any
    ) -> None:
        uri = f"mast:HST/product/{name}"
        self.files[uri] = content
        self.products.append(
            {
                "obsID": obsid, "parent_obsid": obsid, "obs_id": obs_id, "obs_collection": "HST",
                "dataURI": uri, "productFilename": name, "size": len(content),
                "dataRights": "PUBLIC",
            } | row
        )  # fmt: skip

    def add_visit(self, exposures: list[Path], filters: str, instrument: str, **row: Any) -> None:
        """Add an association as the archive has it: with raw data, drizzled and HAP copies."""
        visit = exposures[0].name[:6]
        place = {
            "obs_collection": "HST", "instrument_name": instrument, "filters": filters,
            "proposal_id": "11570", "target_name": "NGC-3370", "s_ra": 161.767, "s_dec": 17.274,
        } | row  # fmt: skip
        association = f"{visit}020"
        obsid = self.add_observation(association, **place)
        hap = f"hst_11570_19_{instrument.replace('/', '_').lower()}_{visit}"
        copies = self.add_observation(hap, **place)
        self.add_product(obsid, association, f"{association}_drz.fits", b"drizzled")
        for path in exposures:
            rootname = path.name[:9]
            self.add_product(obsid, rootname, f"{rootname}_raw.fits", b"raw")
            self.add_product(obsid, rootname, path.name, path.read_bytes())
            self.add_product(copies, hap, f"{hap}{rootname[6:8]}_flt.fits", b"another")


@contextmanager
def served(archive: Archive) -> Iterator[Archive]:
    """Serve an archive on a port of this machine."""

    class Handler(_Handler):
        has = archive

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    server.daemon_threads = True
    archive.url = f"http://localhost:{server.server_port}"
    threading.Thread(target=server.serve_forever, daemon=True).start()
    try:
        yield archive
    finally:
        server.shutdown()
        server.server_close()


class _Handler(BaseHTTPRequestHandler):
    has: Archive
    protocol_version = "HTTP/1.1"

    def log_message(self, *_: object) -> None:
        """Keep the output of tests free."""

    def do_POST(self) -> None:
        body = self.rfile.read(int(self.headers["Content-Length"])).decode()
        path = urlsplit(self.path).path
        if path.startswith("/json/"):
            self._answer("rpc", path.split("/")[2], self._crds(json.loads(body)))
        elif path.endswith("/columnsconfig"):
            self._answer("columns", body, {name: {"type": kind} for name, kind in COLUMNS.items()})
        else:
            request = json.loads(unquote(body.removeprefix("request=")))
            self._answer("query", json.dumps(request), self._mast(request))

    def do_GET(self) -> None:
        url = urlsplit(self.path)
        said = {name: values[0] for name, values in parse_qs(url.query).items()}
        if url.netloc == "mastresolver.stsci.edu":
            self._answer("name", said["name"], self._resolved(said["name"]))
        elif url.path.startswith("/references/"):
            name = url.path.rpartition("/")[2]
            self._give("reference", name, self.has.references.get(name))
        elif url.path.startswith("/signed/"):
            expired = url.path == "/signed/expired"
            self._give("link", said["uri"], None if expired else self.has.files[said["uri"]], 403)
        elif self.has.redirects:
            kept = "expired" if self.has.fault("file") == "expired" else "valid"
            self.has.asked.append(f"file {said['uri']}")
            self.send_response(302)
            self.send_header("Location", f"{self.has.url}/signed/{kept}?{url.query}")
            self.send_header("Content-Length", "0")
            self.end_headers()
        else:
            self._give("file", said["uri"], self.has.files.get(said["uri"]))

    def _answer(self, kind: str, what: str, content: object) -> None:
        self._send(kind, what, json.dumps(content).encode(), {})

    def _give(self, kind: str, what: str, content: bytes | None, lacking: int = 404) -> None:
        if content is None:
            self.has.asked.append(f"{kind} {what}")
            self.send_error(lacking)
            return
        headers = {}
        begin = 0
        if self.has.takes_ranges:
            headers = {"ETag": f'"{hashlib.sha256(content).hexdigest()}"', "Accept-Ranges": "bytes"}
            asked = re.fullmatch(r"bytes=(\d+)-", self.headers.get("Range", ""))
            same = self.headers.get("If-Range", headers["ETag"]) == headers["ETag"]
            begin = int(asked[1]) if asked and same else 0
        if begin:
            headers["Content-Range"] = f"bytes {begin}-{len(content) - 1}/{len(content)}"
        self._send(kind, f"{what} from {begin}", content[begin:], headers)

    def _send(self, kind: str, what: str, content: bytes, headers: dict[str, str]) -> None:
        self.has.asked.append(f"{kind} {what}")
        if self.has.watched:
            self.has.was_there.append(self.has.watched.exists())
        fault = self.has.fault(kind)
        if fault.isdigit():
            self.send_response(int(fault))
            self.send_header("Retry-After", "0")
            self.send_header("Content-Length", "0")
            self.end_headers()
            return
        if fault == "short":  # the server has no more, and says so
            content = content[: len(content) // 2]
        self.send_response(206 if "Content-Range" in headers else 200)
        self.send_header("Content-Length", str(len(content)))
        for name, value in headers.items():
            self.send_header(name, value)
        self.end_headers()
        cut = len(content) // 2 if fault in ("stall", "truncated") else len(content)
        self.wfile.write(content[:cut])
        self.has.served[what.partition(" ")[0]] += cut
        if fault == "stall":
            self.wfile.flush()
            time.sleep(STALL_S)
        if cut < len(content):
            self.close_connection = True

    def _mast(self, request: dict[str, Any]) -> dict[str, Any]:
        params = request["params"]
        if request["service"] == "Mast.Caom.Products":
            asked = params["obsid"].split(",")
            rows = [row for row in self.has.products if row["parent_obsid"] in asked]
            return _table(rows, PRODUCT_COLUMNS)
        rows = [row for row in self.has.observations if _passes(row, params["filters"])]
        if request["service"] == "Mast.Caom.Filtered.Position":
            place = [float(one) for one in params["position"].split(",")]
            rows = [row for row in rows if _distance(row, *place[:2]) < place[2]]
        return _table(rows, COLUMNS)

    def _resolved(self, name: str) -> dict[str, Any]:
        known = name.lower().replace(" ", "") == "ngc3370"
        place = {"searchString": name.lower(), "ra": 161.767, "decl": 17.274, "resolver": "NED"}
        return {"resolvedCoordinate": [place] if known else [], "status": ""}

    def _crds(self, call: dict[str, Any]) -> dict[str, Any]:
        sums = {
            name: {"size": str(len(content)), "sha1sum": _sha1(content)}
            for name, content in self.has.references.items()
        }
        packed = base64.b64encode(gzip.compress(json.dumps(sums).encode())).decode()
        results = {
            "get_server_info": {
                "reference_url": {"unchecked": {"hst": f"{self.has.url}/references/"}},
                "mapping_url": {"unchecked": {"hst": f"{self.has.url}/mappings/"}},
                "download_metadata": {"crds_encoded": "1.0", "crds_payload": packed},
                "crds_version": {"str": "14.0.3"},
            }
        }  # fmt: skip
        return {"error": None, "result": results[call["method"]], "id": call["id"]}


def _sha1(content: bytes) -> str:
    return hashlib.sha1(content, usedforsecurity=False).hexdigest()


def _table(rows: list[dict[str, Any]], columns: dict[str, str]) -> dict[str, Any]:
    paging = {"page": 1, "pageSize": 50000, "pagesFiltered": 1, "rows": len(rows)}
    return {
        "status": "COMPLETE", "msg": "", "paging": paging,
        "fields": [{"name": name, "type": kind} for name, kind in columns.items()],
        "data": [{name: row.get(name) for name in columns} for row in rows],
    }  # fmt: skip


def _passes(row: dict[str, Any], filters: list[dict[str, Any]]) -> bool:
    """Apply the filters of a Mashup request: values that are equal, and patterns with ``%``."""
    return all(
        str(row[one["paramName"]]) in one["values"]
        or _is_like(str(row[one["paramName"]]), one.get("freeText"))
        for one in filters
    )


def _is_like(text: str, pattern: str | None) -> bool:
    parts = map(re.escape, (pattern or "").split("%"))
    return pattern is not None and re.fullmatch(".*".join(parts), text) is not None


def _distance(row: dict[str, Any], ra_deg: float, dec_deg: float) -> float:
    east = (row["s_ra"] - ra_deg) * np.cos(np.radians(dec_deg))
    return float(np.hypot(east, row["s_dec"] - dec_deg))
