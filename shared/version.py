"""The product's version, as health, the OpenAPI document and the log lines report it."""

VERSION = "0.1.0"
