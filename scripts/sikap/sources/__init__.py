"""Find and open sources, and cut their bytes into chunks of whole records."""
