"""One folder, one deployed HTTP function; the entry point is always `handler`."""
