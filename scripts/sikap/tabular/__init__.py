"""Tables as others write them: the bytes of a file to columns of codes."""
