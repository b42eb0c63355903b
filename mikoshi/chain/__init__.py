"""A chain through its node: reading, decoding, accounts, fees, sending."""
