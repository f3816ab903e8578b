"""From the stars of the native-scale product to how the PSF changes over the field."""
