"""Documents at rest: Firestore."""
