"""The embedded cloud: small servers that speak Google's protocols on this machine."""
