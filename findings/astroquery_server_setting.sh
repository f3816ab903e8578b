#!/usr/bin/env bash
# astroquery.mast 0.4.11: `conf.server` names the server. Setting it in a program (as astropy's
# configuration items are set), or for a while with `conf.set_temp`, has no effect on queries and
# downloads: PortalAPI has made its addresses of it when it was imported. It takes effect in the
# configuration file alone, which is read before. Requests go on to mast.stsci.edu without a word.
#
# Seen: "set in a program: https://mast.stsci.edu/api/v0/invoke",
#       "set in the file:  http://localhost:1/api/v0/invoke".
set -euo pipefail
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
cd "$work"
python3 -m venv venv
venv/bin/pip install --quiet astroquery==0.4.11

cat > server.py <<'PY'
import sys
from importlib.metadata import version

from astroquery.mast import Observations, conf

assert version("astroquery") == "0.4.11"
in_file = sys.argv[1] == "file"
if not in_file:
    conf.server = "http://localhost:1"
assert conf.server == "http://localhost:1"
address = Observations._portal_api_connection.MAST_REQUEST_URL
print("set in the file: " if in_file else "set in a program:", address)
assert address.startswith("http://localhost:1/" if in_file else "https://mast.stsci.edu/")
PY
venv/bin/python server.py program
mkdir -p settings/astropy
printf '[mast]\nserver = http://localhost:1\n' > settings/astropy/astroquery.cfg
XDG_CONFIG_HOME=$work/settings venv/bin/python server.py file
