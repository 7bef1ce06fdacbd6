"""Identity Toolkit and Secure Token for the local stack, with production's strictness.

Not covered: phone sign-in, second factors, tenants, SAML and OIDC providers, blocking functions.
"""
