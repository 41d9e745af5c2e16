"""Releases without texts, and how the texts come back."""
