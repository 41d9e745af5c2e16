"""The tables of a release, their splits and their statistics."""
