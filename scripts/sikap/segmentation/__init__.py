"""Articles to sentences."""
