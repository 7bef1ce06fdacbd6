"""A Firestore v1 gRPC server in plain Python that Google's unmodified client accepts."""
