"""What every command begins and ends with: options, a session, failures in three lines."""
