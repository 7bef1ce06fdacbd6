"""Password rules and hashes."""

import dataclasses
import hashlib
import secrets

from infra.local.refusals import Refused

SHORTEST = 6
LONGEST = 4096


@dataclasses.dataclass(frozen=True)
class PasswordHash:
    """`salt` and `digest` are hexadecimal. An imported hash is kept with an empty salt: it can
    be listed, and no password matches it, because checking bcrypt and its kind would need a
    package that nothing else here uses.
    """

    salt: str
    digest: str

    @classmethod
    def of(cls, password: str) -> "PasswordHash":
        """Raises Refused for a password outside the default policy of a new project."""
        if len(password) < SHORTEST:
            raise Refused("WEAK_PASSWORD", f"Password should be at least {SHORTEST} characters")
        if len(password) > LONGEST:
            raise Refused(
                "PASSWORD_DOES_NOT_MEET_REQUIREMENTS",
                f"Missing password requirements: [Password may contain at most {LONGEST}"
                " characters]",
            )
        salt = secrets.token_bytes(8)
        return cls(salt.hex(), _digest(password, salt))

    def matches(self, password: str) -> bool:
        # The digest is computed in every case, so that the answer takes as long for all.
        digest = _digest(password, bytes.fromhex(self.salt))
        return bool(self.salt) and secrets.compare_digest(digest, self.digest)


# Stands in for the hash of an account that does not exist or has no password.
NO_PASSWORD = PasswordHash(salt="", digest="")


def _digest(password: str, salt: bytes) -> str:
    # About 2 ms. Far too cheap for real accounts; these belong to a developer's machine.
    return hashlib.scrypt(password.encode(), salt=salt, n=1024, r=8, p=1).hex()
