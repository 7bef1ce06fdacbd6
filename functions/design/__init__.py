"""Training programs, their sessions and their weekly volume."""
