"""Which items a round has and who judges them."""
