"""All events of a DAO in a local SQLite file: read once, then only what is new."""
