"""Clusters drawn anew: what figures would be on other articles, for their intervals."""
