"""The release on disk: Parquet bytes, the folder, its checks."""
