"""What is due in a DAO, told once: a calendar, a feed, and what is posted into chats."""
