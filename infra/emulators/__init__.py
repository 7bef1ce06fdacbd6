"""The reference stack: Google's own Firestore and Firebase Auth emulators."""
