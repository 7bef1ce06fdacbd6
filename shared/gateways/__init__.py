"""Everything else outside the process."""
