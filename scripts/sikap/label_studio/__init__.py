"""The Label Studio server: run it, speak to it, keep in step with it."""
