"""The commands that make articles and sentences."""
