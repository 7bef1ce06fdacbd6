"""Shapes: pydantic only, no decisions."""
