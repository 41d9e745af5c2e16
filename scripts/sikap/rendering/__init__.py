"""HTML and Markdown from templates."""
