"""The version of sikap."""

__version__ = "0.5.0"
