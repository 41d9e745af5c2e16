"""The files of a release, written and read."""
