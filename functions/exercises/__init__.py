"""The exercise catalogue."""
