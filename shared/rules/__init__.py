"""Decisions: pure functions over models; no clock, no input, no output."""
