"""The page for members' phones, made that of one DAO, and links into it."""
