"""The code that drizzles the native-scale product, named without importing it."""

from hstdriz_study.keys import Code

DRIZZLING_NATIVE = Code(
    "drizzling",
    roots=("hstdriz_study.field.whole_image:frame_image",),
    # its weights are EXP
    without=("hstdriz_study.drizzle.input_weights:drizzlepac_arrays",),
    libraries=("astropy", "drizzle", "numpy"),
)
