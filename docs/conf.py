"""Sphinx builds the pages of this folder into a site: ``make site``."""

import lifecycle

project = "lifecycle"
author = "the lifecycle authors"
version = release = lifecycle.__version__

extensions = ["myst_parser", "sphinx.ext.autodoc"]
exclude_patterns = ["_build"]
myst_enable_extensions = ["colon_fence"]
myst_heading_anchors = 3
# Links to files beside the pages (examples, Terms) lead to the repository, not into the site.
suppress_warnings = ["myst.xref_missing"]

html_theme = "furo"
html_title = f"lifecycle {release}"
html_show_sourcelink = False
html_show_copyright = False

autodoc_typehints = "signature"
autodoc_member_order = "bysource"
