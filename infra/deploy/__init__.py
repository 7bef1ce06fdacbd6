"""Deployment: one manifest, staged folders, Google's own commands, and what is made from them."""
