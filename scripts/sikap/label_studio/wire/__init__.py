"""The JSON of Label Studio, read and written."""
