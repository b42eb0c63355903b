"""What contracts, standings and states mean, in words."""
