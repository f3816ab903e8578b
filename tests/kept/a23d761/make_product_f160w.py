"""Make the f160w product with 0.0648 arcsec, pixfrac 0.4.

Usage: python THIS_FILE [WORK_DIRECTORY]

The exposures are copied to the work directory (default: beside this file);
the originals are not touched. Needs drizzlepac and stwcs.
"""

import os
import shutil
import sys
from pathlib import Path

EXPOSURES = ['/home/astronomer/.cache/hstdriz-study/synthetic/f160w-cf7a2d0c441278148891/isy16001q_flt.fits',
 '/home/astronomer/.cache/hstdriz-study/synthetic/f160w-cf7a2d0c441278148891/isy16002q_flt.fits',
 '/home/astronomer/.cache/hstdriz-study/synthetic/f160w-cf7a2d0c441278148891/isy16003q_flt.fits',
 '/home/astronomer/.cache/hstdriz-study/synthetic/f160w-cf7a2d0c441278148891/isy16004q_flt.fits']
REFERENCE_DIRS = {'iref': '/home/astronomer/.cache/hstdriz-study/synthetic/f160w-cf7a2d0c441278148891/ref',
 'jref': '/home/astronomer/.cache/hstdriz-study/synthetic/f160w-cf7a2d0c441278148891/ref'}
OUTPUT = 'kept_f160w'

default = Path(__file__).resolve().parent / f"product_{OUTPUT}"
work = Path(sys.argv[1]).resolve() if len(sys.argv) > 1 else default
work.mkdir(parents=True, exist_ok=True)
names = []
for exposure in EXPOSURES:
    shutil.copyfile(exposure, work / Path(exposure).name)
    names.append(Path(exposure).name)
os.chdir(work)

# set before drizzlepac is imported; the trailing slash is needed
for variable, directory in REFERENCE_DIRS.items():
    os.environ[variable] = directory.rstrip("/") + "/"
os.environ.setdefault("MPLBACKEND", "Agg")
os.environ.setdefault("ASTROMETRY_STEP_CONTROL", "OFF")

from stwcs.updatewcs import updatewcs

updatewcs(
    names,
    use_db=False,
    checkfiles=False,
)

from drizzlepac.astrodrizzle import AstroDrizzle

AstroDrizzle(
    names,
    output=OUTPUT,
    build=True,
    clean=True,
    preserve=False,
    num_cores=1,
    resetbits=4096,
    static=True,
    skysub=True,
    skymethod='localmin',
    driz_separate=True,
    driz_sep_bits='16, 512',
    median=True,
    combine_type='median',
    blot=True,
    driz_cr=True,
    driz_cr_snr='5.0 4.0',
    driz_cr_scale='2.0 1.5',
    final_wcs=True,
    final_scale=0.06479808888252532,
    final_pixfrac=0.4,
    final_kernel='square',
    final_wht_type='EXP',
    final_rot=0.0,
    final_bits='16, 512',
)
print(*sorted(str(path) for path in work.glob(f"{OUTPUT}_dr*.fits")), sep="\n")
