"""A DAO rebuilt from its events alone, without reading the state of a contract."""
