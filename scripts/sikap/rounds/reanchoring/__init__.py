"""Match the items of a round to sentences that changed."""
