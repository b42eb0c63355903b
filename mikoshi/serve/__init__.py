"""The server of one DAO: the page, what is known of it, and a relay for what members signed."""
