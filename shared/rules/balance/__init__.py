"""Choosing exercises and sets: the question as a linear program, and what its solution means."""
