"""What the telescope and its detectors make of a point of light on the sky."""
