"""dao.toml: what a DAO shall be, checked before anything is done."""
