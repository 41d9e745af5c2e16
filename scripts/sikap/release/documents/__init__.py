"""The documents of a release: card, datasheet, Croissant, citation, browse page."""
