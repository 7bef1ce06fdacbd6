"""A request that Cloud Tasks answers with an error status."""

import grpc


class Refusal(Exception):
    """Carries the gRPC status and the sentence that the client shows."""

    def __init__(self, status: grpc.StatusCode, sentence: str) -> None:
        super().__init__(sentence)
        self.status = status


def invalid(sentence: str) -> Refusal:
    return Refusal(grpc.StatusCode.INVALID_ARGUMENT, sentence)


def missing(sentence: str) -> Refusal:
    return Refusal(grpc.StatusCode.NOT_FOUND, sentence)


def taken(sentence: str) -> Refusal:
    return Refusal(grpc.StatusCode.ALREADY_EXISTS, sentence)


def unsupported(sentence: str) -> Refusal:
    return Refusal(grpc.StatusCode.UNIMPLEMENTED, sentence)
