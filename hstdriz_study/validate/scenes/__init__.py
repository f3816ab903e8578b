"""Scenes of a simulator that is not ours: GalSim's optics, pixels and noise under our headers.

Stars and galaxies of known positions, light and size, with which the selection of stars is tested
(`hstdriz_study.validate.stars`). GalSim is an extra of this package and is imported only here.
"""
