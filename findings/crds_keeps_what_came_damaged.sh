#!/usr/bin/env bash
# crds 14.0.3 receives a reference file into a temporary file, moves that into its cache and then
# compares size and SHA-1 with what the server says. If they differ it raises, and leaves the file in
# the cache. A retry (CRDS_CLIENT_RETRY_COUNT) finds it there and fetches nothing, so it fails as well;
# the next call finds it there too and returns it as the reference file, without a word. Only
# ignore_cache=True fetches it again. A connection that is cut once thus leaves half a file for good.
#
# Seen: "first call: CrdsDownloadError after 1 download", "second call: 1440 of 2880 bytes".
#
# And in want of a server its getreferences() ends the program: log.fatal_error calls sys.exit.
# Seen: "without a server: SystemExit".
set -euo pipefail
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
cd "$work"
python3 -m venv venv
venv/bin/pip install --quiet crds==14.0.3

cat > keeps.py <<'PY'
import base64
import gzip
import hashlib
import json
import os
import threading
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from importlib.metadata import version
from pathlib import Path

NAME, CONTENT = "w3m18525i_idc.fits", bytes(range(240)) * 12
asked = []


class Server(BaseHTTPRequestHandler):
    def log_message(self, *_):
        pass

    def send(self, content):
        self.send_response(200)
        self.send_header("Content-Length", str(len(content)))
        self.end_headers()
        self.wfile.write(content)

    def do_POST(self):
        self.rfile.read(int(self.headers["Content-Length"]))
        sums = {NAME: {"size": len(CONTENT), "sha1sum": hashlib.sha1(CONTENT).hexdigest()}}
        packed = base64.b64encode(gzip.compress(json.dumps(sums).encode())).decode()
        info = {
            "reference_url": {"unchecked": {"hst": f"{url}/references/"}},
            "download_metadata": {"crds_encoded": "1.0", "crds_payload": packed},
        }
        self.send(json.dumps({"error": None, "result": info}).encode())

    def do_GET(self):
        asked.append(self.path)
        # the first time half of it
        self.send(CONTENT[: len(CONTENT) // 2] if len(asked) == 1 else CONTENT)


server = ThreadingHTTPServer(("127.0.0.1", 0), Server)
url = f"http://localhost:{server.server_port}"
threading.Thread(target=server.serve_forever, daemon=True).start()
os.environ |= {
    "CRDS_PATH": str(Path("cache").absolute()), "CRDS_SERVER_URL": url, "CRDS_OBSERVATORY": "hst",
    "CRDS_CLIENT_RETRY_COUNT": "3", "CRDS_CLIENT_RETRY_DELAY_SECONDS": "0",
}
import crds
from crds.client import api
from crds.core.exceptions import CrdsDownloadError

print("crds", version("crds"))
try:
    api.dump_references("hst", [NAME])
except CrdsDownloadError:
    print(f"first call: CrdsDownloadError after {len(asked)} download")
else:
    raise SystemExit("the first call has not failed")
found = Path(api.dump_references("hst", [NAME])[NAME]).stat().st_size
print(f"second call: {found} of {len(CONTENT)} bytes")
assert (len(asked), found, len(CONTENT)) == (1, 1440, 2880)
again = Path(api.dump_references("hst", [NAME], ignore_cache=True)[NAME]).read_bytes()
assert again == CONTENT

server.shutdown()
server.server_close()
os.environ["CRDS_PATH"] = str(Path("empty").absolute())
api.get_server_info.cache.clear()
try:
    crds.getreferences({"INSTRUME": "WFC3"}, reftypes=["idctab"], observatory="hst")
except SystemExit:
    print("without a server: SystemExit")
else:
    raise AssertionError("getreferences has not ended the program")
PY
venv/bin/python keeps.py 2> errors || { cat errors; exit 1; }
