"""Background work: what Cloud Tasks and Cloud Scheduler call."""
