"""From an ended study to what one exposure fewer or more would change: ``hstdriz-study what-if``.

Geometry gives the weight maps of any combination of exposures, exposure times give the
depth, and the study's own rule judges the points anew.
"""
