"""A release on the Hub, and its signature."""
