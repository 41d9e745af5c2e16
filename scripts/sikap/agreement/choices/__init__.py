"""Agreement on what is chosen of a scale: labels of sentences, attributes of spans."""
