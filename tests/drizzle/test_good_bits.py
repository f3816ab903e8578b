import numpy as np
import pytest

from hstdriz_study.drizzle import drizzle, drizzle_frame, weighting
from hstdriz_study.study.config import drizzle_settings

pytestmark = pytest.mark.endtoend


@pytest.mark.parametrize("good_bits", ["None", "~4", "~0", "528"])
def test_both_engines_read_the_good_bits_alike(prepared_set, tmp_path, good_bits):
    item = prepared_set("f160w", f"drizzle.final_bits='{good_bits}'")
    settings, references = drizzle_settings(item.config), item.found.reference_dirs
    slow = drizzle(
        item.prepared, settings, reference_dirs=references, log_file=tmp_path / "drizzle.log"
    )
    weights = weighting(item.prepared, settings, reference_dirs=references)
    fast = drizzle_frame(item.prepared, settings, weights)
    np.testing.assert_allclose(fast.wht, slow.wht, atol=1e-6 * np.median(slow.wht))
