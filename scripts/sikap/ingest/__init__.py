"""From raw bytes to frozen articles and their blocks; values in, values out."""
