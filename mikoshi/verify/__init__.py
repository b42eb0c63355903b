"""The sources behind a deployed DAO, for explorers: standard JSON, arguments, bundles."""
