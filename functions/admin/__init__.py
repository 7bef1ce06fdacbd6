"""Administrators' endpoints."""
