"""One function a command: read, compute, write; also the Python door that the recipes use."""
