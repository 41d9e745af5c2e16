"""Coefficients of categorical ratings."""
