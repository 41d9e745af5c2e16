"""What a release is: its data, its documents, its files, and the checks of them."""
