"""The agreement report as an HTML page."""
