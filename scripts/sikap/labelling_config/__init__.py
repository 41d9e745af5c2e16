"""The labelling config: which labels there are and how the editor shows them."""
