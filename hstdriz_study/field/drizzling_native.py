"""The code that drizzles the native-scale product, named without importing it."""

from hstdriz_study.keys import Code

DRIZZLING_NATIVE = Code(
    "drizzling",
    roots=("hstdriz_study.field.whole_image:frame_image",),
    without=(
        "hstdriz_study.drizzle.input_weights:drizzlepac_arrays",  # its weights are EXP
        "hstdriz_study.apart:apart_each",  # in which process does not bear on the numbers
    ),
    libraries=("astropy", "drizzle", "numpy"),
)
