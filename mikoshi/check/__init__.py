"""Whether a DAO on a chain is what its record and its dao.toml say: code, wiring, roles, state."""
