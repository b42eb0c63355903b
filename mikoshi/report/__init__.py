"""Is the DAO alive? What its events tell, with alarms: `ape run report`."""
