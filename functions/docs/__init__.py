"""The API's documents."""
