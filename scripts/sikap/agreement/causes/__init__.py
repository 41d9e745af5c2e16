"""What lies behind a figure: who, which values, when, which items, and what would help."""
