"""The commands that build, check and publish releases."""
