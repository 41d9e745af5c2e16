"""Disagreements, and what adjudicators decide on them."""
