"""HypertroQ: what every function shares."""
