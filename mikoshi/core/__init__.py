"""The contracts of a DAO: their artifacts, where they are, and the record of a deployment."""
