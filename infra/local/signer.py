"""The key of the local stack: signs the tokens that Google's keys sign in production."""

import datetime
import hashlib
import os
import tempfile
import time
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import jwt
from cryptography import x509
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric.rsa import (
    RSAPrivateKey,
    RSAPublicKey,
    generate_private_key,
)
from cryptography.hazmat.primitives.serialization import (
    Encoding,
    NoEncryption,
    PrivateFormat,
    PublicFormat,
    load_pem_private_key,
)
from cryptography.x509.oid import NameOID

# Long enough that a developer's data directory never outlives its certificate.
_VALID = datetime.timedelta(days=3650)
IDENTITY_SECONDS = 3_600


class Signer:
    """An RSA-2048 key and its self-signed certificate; safe to share between threads."""

    def __init__(self, key: RSAPrivateKey, certificate: x509.Certificate) -> None:
        self._key = key
        self._certificate = certificate
        public = key.public_key()
        if certificate.public_key() != public:
            raise ValueError("the certificate belongs to another key")
        der = public.public_bytes(Encoding.DER, PublicFormat.SubjectPublicKeyInfo)
        self.public_key: RSAPublicKey = public
        # Named after the key itself, so that a verifier's cache never mixes two keys up.
        self.key_id: str = hashlib.sha256(der).hexdigest()[:40]

    @classmethod
    def create(cls, path: Path | None = None) -> "Signer":
        """Load the pair in `path`, or make one and (with a path) keep it there, mode 0600.

        Raises ValueError when the file holds no usable RSA pair.
        """
        if path is not None and path.exists():
            return cls._load(path)
        key = generate_private_key(public_exponent=65537, key_size=2048)
        signer = cls(key, _self_signed(key))
        if path is not None:
            signer._store(path)
        return signer

    def jwt(self, claims: Mapping[str, Any]) -> str:
        """Sign the claims as they are, RS256; times and issuer are the caller's."""
        return jwt.encode(dict(claims), self._key, algorithm="RS256", headers={"kid": self.key_id})

    def identity_token(self, account: str, audience: str) -> str:
        """What Cloud Tasks and Cloud Scheduler send: Google's word for a service account."""
        now = int(time.time())
        return self.jwt(
            {
                "iss": "https://accounts.google.com",
                "aud": audience,
                "azp": account,
                "sub": account,
                "email": account,
                "email_verified": True,
                "iat": now,
                "exp": now + IDENTITY_SECONDS,
            }
        )

    def certificates(self) -> dict[str, str]:
        """Key id to certificate in PEM: what Google's x509 addresses answer."""
        return {self.key_id: self._certificate.public_bytes(Encoding.PEM).decode("ascii")}

    @classmethod
    def _load(cls, path: Path) -> "Signer":
        pem = path.read_bytes()
        key = load_pem_private_key(pem, password=None)
        if not isinstance(key, RSAPrivateKey):
            # The file is at fault, not the caller's type.
            raise ValueError(f"{path} does not hold an RSA key")  # noqa: TRY004
        return cls(key, x509.load_pem_x509_certificate(pem))

    def _store(self, path: Path) -> None:
        path.parent.mkdir(parents=True, exist_ok=True)
        pem = self._key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption())
        pem += self._certificate.public_bytes(Encoding.PEM)
        # mkstemp opens with mode 0600; the rename makes the file appear whole or not at all.
        handle, temporary = tempfile.mkstemp(dir=path.parent, prefix=path.name)
        try:
            with os.fdopen(handle, "wb") as file:
                file.write(pem)
                file.flush()
                os.fsync(file.fileno())
            Path(temporary).replace(path)
        except BaseException:
            Path(temporary).unlink(missing_ok=True)
            raise


def _self_signed(key: RSAPrivateKey) -> x509.Certificate:
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "hypertroq local stack")])
    now = datetime.datetime.now(datetime.UTC)
    return (
        x509.CertificateBuilder()
        .subject_name(name)
        .issuer_name(name)
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        # A day early, for a machine whose clock is behind.
        .not_valid_before(now - datetime.timedelta(days=1))
        .not_valid_after(now + _VALID)
        .sign(key, hashes.SHA256())
    )
