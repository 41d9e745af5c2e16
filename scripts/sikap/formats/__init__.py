"""Bytes to tables, and which format bytes have."""
