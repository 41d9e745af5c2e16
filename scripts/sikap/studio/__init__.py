"""Label Studio: an embedded server of our own, and the client for any server."""
