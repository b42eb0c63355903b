"""The switches of a DAO that need a lawyer's eye, in plain words. Information, no legal advice."""
