"""The sky of prepared exposures is the one asked for."""

import pytest
from astropy.io import fits

from hstdriz_study.drizzlepac_options import SKY_METHODS
from hstdriz_study.errors import DrizzleError
from hstdriz_study.field import Field
from hstdriz_study.study.config import field_options

pytestmark = pytest.mark.endtoend


@pytest.mark.parametrize("method", SKY_METHODS)
def test_a_sky_method_is_carried_out_or_refused(compose_config, cache_dir, method):
    config = compose_config(
        "filter=f160w", f"prepare.cache_dir={cache_dir}", f"prepare.skymethod={method}"
    )
    try:
        prepared = Field(field_options(config)).prepared
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
