"""What administrators do to people, organizations and the shared catalogue; one noun per file."""
