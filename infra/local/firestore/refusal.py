"""The answer a request gets when Firestore would not carry it out."""

import grpc


class Refusal(Exception):
    """Carries the gRPC status and the sentence that the client will see."""

    def __init__(self, code: grpc.StatusCode, sentence: str) -> None:
        super().__init__(sentence)
        self.code = code
        self.sentence = sentence


def invalid(sentence: str) -> Refusal:
    return Refusal(grpc.StatusCode.INVALID_ARGUMENT, sentence)


def failed_precondition(sentence: str) -> Refusal:
    return Refusal(grpc.StatusCode.FAILED_PRECONDITION, sentence)


def not_found(sentence: str) -> Refusal:
    return Refusal(grpc.StatusCode.NOT_FOUND, sentence)


def already_exists(sentence: str) -> Refusal:
    return Refusal(grpc.StatusCode.ALREADY_EXISTS, sentence)


def aborted(sentence: str) -> Refusal:
    return Refusal(grpc.StatusCode.ABORTED, sentence)
