"""Seats by a link: the links, and what is said of them."""
