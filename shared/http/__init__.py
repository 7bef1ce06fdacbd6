"""Plumbing between HTTP and the services."""
