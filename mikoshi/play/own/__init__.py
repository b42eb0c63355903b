"""A node of one's own that stays, with people to play with: `ape run play`."""
