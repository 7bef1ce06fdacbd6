"""The payment service, as far as the product calls it: Lemon Squeezy's API on loopback."""
