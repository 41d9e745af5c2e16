"""Raw bytes to articles: readers, normal form, warnings, near-duplicates."""
