"""Use cases: load, ask a rule, store."""
