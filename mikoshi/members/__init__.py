"""The people of a DAO: who they are, and how more of them are admitted from a file."""
