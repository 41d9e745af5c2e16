"""sikap: from raw news articles to annotated, validated, byte-reproducible datasets."""

__version__ = "0.5.0"
