"""Why annotators disagree."""
