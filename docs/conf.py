"""Sphinx: the site of the documentation. ``make docs`` builds it, with warnings as errors."""

import sys
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parent / "_ext"))

from numpydoc.xref import DEFAULT_LINKS

from hstdriz_study import __version__

project = "hstdriz-study"
author = "the hstdriz-study developers"
copyright = author
release = version = __version__

extensions = [
    "myst_nb",
    "sphinx.ext.autodoc",
    "sphinx.ext.autosummary",
    "sphinx.ext.intersphinx",
    "numpydoc",
    "sphinx_click",
    "sphinx_copybutton",
    "from_the_code",
]
exclude_patterns = ["_build", "changes", "_templates"]
nitpicky = False

# Tutorials are run when the site is built: what they print is what the code does.
nb_execution_mode = "cache"
nb_execution_in_temp = True
nb_execution_timeout = 900
nb_execution_raise_on_error = True
nb_merge_streams = True
myst_enable_extensions = ["colon_fence", "deflist", "dollarmath"]
myst_heading_anchors = 3

autosummary_generate = True
autodoc_typehints = "none"  # numpydoc's sections say them
autodoc_default_options = {"members": True}
numpydoc_show_class_members = False
numpydoc_xref_param_type = True
numpydoc_xref_aliases = {
    name: name for name in DEFAULT_LINKS
}  # the site is built without a network

intersphinx_mapping = {}

html_theme = "pydata_sphinx_theme"
html_title = "hstdriz-study"
html_static_path = ["_static"]
html_css_files = ["site.css"]
html_theme_options = {
    "show_toc_level": 2,
    "navigation_with_keys": False,
    "footer_start": ["copyright"],
    "footer_end": [],
    "secondary_sidebar_items": ["page-toc"],
}
html_show_sourcelink = False
