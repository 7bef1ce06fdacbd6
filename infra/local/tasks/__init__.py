"""Cloud Tasks v2 over gRPC, with real deliveries over HTTP, for machines without Google's."""
