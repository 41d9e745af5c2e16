"""Rounds: planned, made into Label Studio tasks and back, settled. Values in, values out."""
