"""The commands of annotation rounds."""
