"""The sky of prepared exposures is the one asked for."""

import pytest
from astropy.io import fits

from hstdriz_study.drizzlepac_options import SKY_METHODS
from hstdriz_study.errors import DrizzleError

pytestmark = pytest.mark.endtoend


@pytest.mark.parametrize("method", SKY_METHODS)
def test_a_sky_method_is_carried_out_or_refused(prepared_set, method):
    try:
        prepared = prepared_set("f160w", f"prepare.skymethod={method}").prepared
    except DrizzleError as error:
        refused = str(error)
    else:
        skies = [fits.getheader(path, "SCI", 1)["MDRIZSKY"] for path in prepared.exposures]
        # localmin: each exposure's own; globalmin: the least of them; match: differences
        assert len(set(skies)) == (1 if method == "globalmin" else 4)
        return
    # stsci.skypac and spherical_geometry do not fit together in every version
    assert "match" in method
    assert f"prepare.skymethod={method} fails in the installed DrizzlePac" in refused
