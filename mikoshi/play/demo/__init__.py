"""A season of a small community, played on a chain of its own."""
