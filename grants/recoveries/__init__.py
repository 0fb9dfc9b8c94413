"""Getting money back: what a claim is, what the database refuses about it, and what is shown of it."""
