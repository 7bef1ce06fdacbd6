"""Payments: what an organization pays for, and what the payment service tells us."""
