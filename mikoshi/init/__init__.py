"""A short interview that writes a dao.toml for who knows communities and no blockchain."""
