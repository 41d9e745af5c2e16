"""Agreement on what is marked in a text: which span is which, F1, tokens, the continuum."""
