"""From root functions to a digest of all the code and data of a package that they reach.

The source is read, not imported, and nothing but Python's own library is needed.
"""
