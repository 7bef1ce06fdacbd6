"""Tokens that must never be accepted, each by the name of what is wrong with it."""

import hashlib
import hmac
import json
from base64 import b64encode, urlsafe_b64encode
from collections.abc import Callable, Iterator
from typing import Any

from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec, padding
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat

from infra.local.signer import Signer

PROJECT = "demo-hypertroq"
NOW = 1_760_000_000
GONE = object()
"""Stands for a name that is left out."""

Sign = Callable[[bytes], bytes]


def claims(**changes: Any) -> dict[str, Any]:
    """What Firebase puts into an ID token, a minute old and good for an hour."""
    whole = {
        "iss": f"https://securetoken.google.com/{PROJECT}",
        "aud": PROJECT,
        "sub": "anna-1",
        "user_id": "anna-1",
        "iat": NOW - 60,
        "exp": NOW + 3540,
        "auth_time": NOW - 600,
        "email": "anna@example.com",
        "email_verified": True,
        "name": "Anna",
        "firebase": {"sign_in_provider": "password", "identities": {"email": ["anna@example.com"]}},
    } | changes
    return {name: value for name, value in whole.items() if value is not GONE}


def coded(value: bytes | str | dict[str, Any]) -> str:
    if isinstance(value, dict):
        value = json.dumps(value)
    if isinstance(value, str):
        value = value.encode()
    return urlsafe_b64encode(value).rstrip(b"=").decode()


def compact(header: bytes | str | dict[str, Any], payload: Any, sign: Sign) -> str:
    """The three parts of a token; `sign` gets the first two as they are written."""
    signed = f"{coded(header)}.{coded(payload)}"
    return f"{signed}.{coded(sign(signed.encode()))}"


def rs256(signer: Signer) -> Sign:
    return lambda data: signer._key.sign(data, padding.PKCS1v15(), hashes.SHA256())


def hs256(secret: bytes) -> Sign:
    return lambda data: hmac.digest(secret, data, hashlib.sha256)


def unsigned(_: bytes) -> bytes:
    return b""


def forgeries(genuine: Signer, stranger: Signer) -> dict[str, str]:
    """Every forgery; `genuine` signs what only the issuer could sign, yet must be refused."""
    found: dict[str, str] = {}
    for family in (_algorithms, _keys, _headers, _alterations, _spellings):
        found |= family(genuine, stranger)
    found |= {
        f"claims: {name}": compact(_header(genuine), payload, rs256(genuine))
        for name, payload in _payloads()
    }
    return found


def _header(signer: Signer, **changes: Any) -> dict[str, Any]:
    whole = {"alg": "RS256", "kid": signer.key_id, "typ": "JWT"} | changes
    return {name: value for name, value in whole.items() if value is not GONE}


def _algorithms(genuine: Signer, _: Signer) -> dict[str, str]:
    key = genuine._key
    certificate = genuine.certificates()[genuine.key_id].encode()
    public = genuine.public_key.public_bytes(Encoding.PEM, PublicFormat.SubjectPublicKeyInfo)
    pss = padding.PSS(padding.MGF1(hashes.SHA256()), 32)
    curve = ec.generate_private_key(ec.SECP256R1())

    def signed(algorithm: Any, sign: Sign) -> str:
        return compact(_header(genuine, alg=algorithm), claims(), sign)

    return {
        "alg none without kid": compact({"alg": "none", "typ": "JWT"}, claims(), unsigned),
        "alg none with kid": signed("none", unsigned),
        "alg None": signed("None", unsigned),
        "alg NONE": signed("NONE", unsigned),
        "alg nOnE": signed("nOnE", unsigned),
        "alg empty": signed("", unsigned),
        "alg none, truly signed": signed("none", rs256(genuine)),
        "alg missing": signed(GONE, rs256(genuine)),
        "alg null": signed(None, rs256(genuine)),
        "alg a number": signed(256, rs256(genuine)),
        "alg a list": signed(["RS256"], rs256(genuine)),
        "alg in small letters": signed("rs256", rs256(genuine)),
        "HS256 with the certificate as secret": signed("HS256", hs256(certificate)),
        "HS256 with the public key as secret": signed("HS256", hs256(public)),
        "HS256 with an empty secret": signed("HS256", hs256(b"")),
        "RS256 in name, HS256 with the certificate": signed("RS256", hs256(certificate)),
        "RS384": signed("RS384", lambda d: key.sign(d, padding.PKCS1v15(), hashes.SHA384())),
        "RS512": signed("RS512", lambda d: key.sign(d, padding.PKCS1v15(), hashes.SHA512())),
        "PS256": signed("PS256", lambda d: key.sign(d, pss, hashes.SHA256())),
        "PS256 called RS256": signed("RS256", lambda d: key.sign(d, pss, hashes.SHA256())),
        "ES256": signed("ES256", lambda d: curve.sign(d, ec.ECDSA(hashes.SHA256()))),
    }


def _keys(genuine: Signer, stranger: Signer) -> dict[str, str]:
    def named(key_id: Any, signer: Signer = genuine) -> str:
        return compact(_header(genuine, kid=key_id), claims(), rs256(signer))

    return {
        "another key under its own id": stranger.jwt(claims()),
        "another key under our id": named(genuine.key_id, stranger),
        "kid missing": named(GONE),
        "kid empty": named(""),
        "kid null": named(None),
        "kid a number": named(7),
        "kid a list": named([genuine.key_id]),
        "kid unknown": named("f" * 40),
        "kid a path": named("../../../../dev/null"),
        "kid an address": named("https://evil.example/key.pem"),
        "kid with a quote": named("x' OR '1'='1"),
        "kid in capitals": named(genuine.key_id.upper() + "X"),
        "kid of 3,000 characters": named("k" * 3000),
    }


def _headers(genuine: Signer, stranger: Signer) -> dict[str, str]:
    numbers = stranger.public_key.public_numbers()
    jwk = {
        "kty": "RSA",
        "kid": genuine.key_id,
        "e": coded(numbers.e.to_bytes(3, "big")),
        "n": coded(numbers.n.to_bytes(256, "big")),
    }
    chain = [b64encode(stranger.certificates()[stranger.key_id].encode()).decode()[:1200]]

    def carrying(signer: Signer, **more: Any) -> str:
        return compact(_header(genuine, **more), claims(), rs256(signer))

    twice = json.dumps(_header(genuine))[:-1] + ', "alg": "RS256"}'
    return {
        "crit of an unknown extension": carrying(genuine, crit=["exp2"], exp2=1),
        "crit that is empty": carrying(genuine, crit=[]),
        "b64 false": carrying(genuine, b64=False, crit=["b64"]),
        "embedded jwk": carrying(stranger, jwk=jwk),
        "embedded jwk, truly signed": carrying(genuine, jwk=jwk),
        "jku": carrying(stranger, jku="http://127.0.0.1:1/keys"),
        "x5u": carrying(stranger, x5u="http://127.0.0.1:1/chain"),
        "x5c": carrying(stranger, x5c=chain),
        "typ of another kind": carrying(genuine, typ="at+jwt"),
        "typ not a text": carrying(genuine, typ=["JWT"]),
        "alg twice in the header": compact(twice, claims(), rs256(genuine)),
        "header a list": compact('["RS256"]', claims(), rs256(genuine)),
        "header not JSON": compact("RS256", claims(), rs256(genuine)),
    }


def _alterations(genuine: Signer, stranger: Signer) -> dict[str, str]:
    header, payload, signature = genuine.jwt(claims()).split(".")
    other = genuine.jwt(claims(sub="bert-2")).split(".")[2]
    # 256 bytes leave 4 spare bits in the last of 342 characters: A and B decode alike.
    last = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_"
    changed = "A" if signature[0] != "A" else "B"
    respelled = last[last.index(signature[-1]) ^ 1]
    return {
        "payload of another user": f"{header}.{coded(claims(sub='admin'))}.{signature}",
        "payload cut short": f"{header}.{payload[:-4]}.{signature}",
        "header rewritten": f"{coded(_header(genuine, note=1))}.{payload}.{signature}",
        "signature missing": f"{header}.{payload}.",
        "signature dropped": f"{header}.{payload}",
        "signature cut short": f"{header}.{payload}.{signature[:-8]}",
        "signature of another token": f"{header}.{payload}.{other}",
        "signature of zeros": f"{header}.{payload}.{'A' * 342}",
        "first signature letter changed": f"{header}.{payload}.{changed}{signature[1:]}",
        "signature spelled otherwise": f"{header}.{payload}.{signature[:-1]}{respelled}",
        "signature with padding": f"{header}.{payload}.{signature}==",
        "signature with a blank inside": f"{header}.{payload}.{signature[:9]} {signature[9:]}",
        "signature with junk inside": f"{header}.{payload}.{signature[:9]}!{signature[9:]}",
        "expired and of another key": stranger.jwt(claims(exp=NOW - 1)),
    }


def _spellings(genuine: Signer, _: Signer) -> dict[str, str]:
    token = genuine.jwt(claims())
    return {
        "empty": "",
        "blank": "   ",
        "a blank before": f" {token}",
        "a line break after": f"{token}\n",
        "with the scheme": f"Bearer {token}",
        "in quotes": f'"{token}"',
        "garbage": "not-a-token",
        "one dot": ".",
        "two dots": "..",
        "three dots": "...",
        "a fourth part": f"{token}.x",
        "five parts, as if encrypted": ".".join(["e30"] * 5),
        "5 KB": f"{token}{'A' * (5 * 1024 - len(token))}",
        "a signed 5 KB": genuine.jwt(claims(padding="x" * 4000)),
        "a megabyte": "A" * (1 << 20),
        "a megabyte of dots": "." * (1 << 20),
        "not ASCII": token.replace(".", "\N{FULLWIDTH FULL STOP}"),
        "an accent": f"{token}é",
        "a lone surrogate": f"\ud800{token}",
        "a NUL": f"{token}\x00",
        "percent-encoded": token.replace(".", "%2E"),
        "the bytes 0 to 255": "".join(map(chr, range(256))),
        "only JSON": json.dumps(claims()),
    }


def _payloads() -> Iterator[tuple[str, Any]]:
    """Truly signed, so that only the claims themselves can be the reason."""
    for name in ("aud", "iss", "sub", "iat", "exp", "auth_time"):
        yield f"{name} missing", claims(**{name: GONE})
        yield f"{name} null", claims(**{name: None})
        yield f"{name} a list", claims(**{name: [claims()[name]]})
        yield f"{name} a map", claims(**{name: {}})
    for name in ("iat", "exp", "auth_time"):
        yield f"{name} a text", claims(**{name: str(NOW - 60)})
        yield f"{name} a fraction", claims(**{name: NOW + 0.5})
        yield f"{name} true", claims(**{name: True})
        yield f"{name} zero", claims(**{name: 0})
        yield f"{name} negative", claims(**{name: -NOW})
        yield f"{name} of 400 digits", claims(**{name: 10**400})
    for name in ("iat", "auth_time", "nbf"):
        yield f"{name} in the future", claims(**{name: NOW + 61})
    yield "nbf a text", claims(nbf="now")
    yield "another project", claims(iss="https://securetoken.google.com/other", aud="other")
    yield "aud of another project", claims(aud="other")
    yield "aud in capitals", claims(aud=PROJECT.upper())
    yield "aud with a blank", claims(aud=f"{PROJECT} ")
    yield "iss of another project", claims(iss="https://securetoken.google.com/other")
    yield "iss with a slash", claims(iss=f"https://securetoken.google.com/{PROJECT}/")
    yield "iss over http", claims(iss=f"http://securetoken.google.com/{PROJECT}")
    yield "a session cookie", claims(iss=f"https://session.firebase.google.com/{PROJECT}")
    yield "Google's OIDC token", claims(iss="https://accounts.google.com", aud="1.apps.example")
    yield "Google's OIDC token for us", claims(iss="https://accounts.google.com")
    account = f"firebase-adminsdk@{PROJECT}.iam.gserviceaccount.com"
    yield (
        "a custom token",
        {
            "iss": account,
            "sub": account,
            "aud": "https://identitytoolkit.googleapis.com/"
            "google.identity.identitytoolkit.v1.IdentityToolkit",
            "uid": "anna-1",
            "iat": NOW - 60,
            "exp": NOW + 3540,
        },
    )
    yield "sub empty", claims(sub="")
    yield "sub blank", claims(sub=" ")
    yield "sub a number", claims(sub=7)
    yield "sub of 129 characters", claims(sub="a" * 129)
    yield "sub a path", claims(sub="anna-1/secrets/1")
    yield "sub two dots", claims(sub="..")
    yield "sub with a NUL", claims(sub="anna\x00")
    yield "sub half a surrogate pair", claims(sub="anna\ud83d")
    yield "sub with a line break", claims(sub="anna-1\n")
    yield "email a number", claims(email=7)
    yield "email half a surrogate pair", claims(email="\ud800@example.com")
    yield "name half a surrogate pair", claims(name="\udfff")
    yield "email_verified a text", claims(email_verified="false")
    yield "firebase a list", claims(firebase=["password"])
    yield "provider a number", claims(firebase={"sign_in_provider": 1})
    whole = json.dumps(claims())
    yield "sub twice", whole[:-1] + ', "sub": "admin"}'
    yield "exp twice", whole[:-1] + f', "exp": {NOW + 9000}}}'
    yield "a name twice far inside", whole[:-1] + ', "x": {"a": 1, "a": 2}}'
    yield "exp not a number", whole.replace(str(NOW + 3540), "NaN")
    yield "exp infinite", whole.replace(str(NOW + 3540), "Infinity")
    yield "exp too large", whole.replace(str(NOW + 3540), "1e999")
    yield "deeply nested", '{"a":' + "[" * 1300 + "]" * 1300 + "}"
    yield "a list", json.dumps([claims()])
    yield "a text", '"anna"'
    yield "null", "null"
    yield "empty", ""
    yield "cut short", whole[:-1]
    yield "not UTF-8", whole.encode().replace(b"Anna", b"\xff\xfe")
    yield "in UTF-16", whole.encode("utf-16")
    yield "with a byte order mark", b"\xef\xbb\xbf" + whole.encode()
    yield "with more behind it", whole + "{}"
