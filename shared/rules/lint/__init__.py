"""A look over a program: what could be better, why, and where there is one, a safe fix."""
