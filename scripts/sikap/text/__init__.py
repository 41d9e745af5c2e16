"""Characters, words and tokens."""
