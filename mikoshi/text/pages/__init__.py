"""The frame of every page that people open, in the colours of the ticket."""
