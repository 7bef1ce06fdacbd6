"""Every environment variable, in one frozen model, and the guard that keeps local stacks local."""

import json
from collections.abc import Mapping
from email.utils import parseaddr
from enum import StrEnum
from functools import cache
from os import environ
from typing import Annotated, Any

from pydantic import AfterValidator, BeforeValidator, ConfigDict, Field, ValidationError

from shared.models.base import Model
from shared.models.subscriptions import Offer


class Misconfigured(Exception):
    """The process must not start with this environment."""


class Stack(StrEnum):
    EMBEDDED = "embedded"
    EMULATORS = "emulators"
    CLOUD = "cloud"


class RateLimitMode(StrEnum):
    ENFORCE = "enforce"
    SHADOW = "shadow"
    OFF = "off"


class SmtpSecurity(StrEnum):
    TLS = "tls"
    """From the first byte on, usually at port 465."""
    STARTTLS = "starttls"
    NONE = "none"
    """Local stacks only."""


def _words(value: Any) -> Any:
    return tuple(value.replace(",", " ").split()) if isinstance(value, str) else value


def _json(value: Any) -> Any:
    return json.loads(value) if isinstance(value, str) else value


def _link(value: str) -> str:
    if value and "{token}" not in value:
        raise ValueError("needs {token} where the token goes")
    return value


def _sender(value: str) -> str:
    if "@" not in parseaddr(value)[1]:
        raise ValueError('needs an address, as in "Acme, Inc." <somebody@example.com>')
    return value


def _without_slash(value: str) -> str:
    return value.rstrip("/")


Address = Annotated[str, AfterValidator(_without_slash)]
"""Of a server; a slash at its end is left out."""
Link = Annotated[str, AfterValidator(_link)]
Sender = Annotated[str, AfterValidator(_sender)]
Words = Annotated[tuple[str, ...], BeforeValidator(_words)]

GOOGLE_INVOKER_CERTIFICATES = "https://www.googleapis.com/oauth2/v1/certs"
GOOGLE_CERTIFICATES = (
    "https://www.googleapis.com/robot/v1/metadata/x509/securetoken@system.gserviceaccount.com"
)
LOCAL_ONLY = (
    "firestore_emulator",
    "identity_emulator",
    "storage_emulator",
    "tasks_emulator",
    "functions_emulator",
    "local_certificates",
)


class Settings(Model):
    """What the environment says; each field's alias is the variable's name."""

    model_config = ConfigDict(populate_by_name=True, extra="ignore", frozen=True)

    stack: Stack = Field(Stack.CLOUD, alias="HYPERTROQ_STACK")
    """Which cloud the Google clients are pointed at."""
    project: str = Field("", alias="GOOGLE_CLOUD_PROJECT")
    """The Google Cloud project id; local stacks use one that begins with `demo-`."""
    service: str = Field("", alias="K_SERVICE")
    """Set by Cloud Run: the process is deployed."""
    firestore_emulator: str = Field("", alias="FIRESTORE_EMULATOR_HOST")
    identity_emulator: str = Field("", alias="FIREBASE_AUTH_EMULATOR_HOST")
    storage_emulator: str = Field("", alias="STORAGE_EMULATOR_HOST")
    tasks_emulator: str = Field("", alias="CLOUD_TASKS_EMULATOR_HOST")
    functions_emulator: str = Field("", alias="FUNCTIONS_EMULATOR")
    """Set by Firebase's functions emulator, which names a service as if it were Cloud Run."""
    local_certificates: str = Field("", alias="LOCAL_CERTIFICATES_URL")
    """Where a local stack serves the certificates of its token signer."""
    firebase_api_key: str = Field("", alias="FIREBASE_API_KEY")
    """The project's web API key (public by design); sign-in calls carry it."""
    cors_origins: Words = Field((), alias="CORS_ORIGINS")
    """Exact origins of the web clients, separated by commas or blanks."""
    trusted_hops: int = Field(0, alias="TRUSTED_HOPS", ge=0, le=5)
    """Proxies in front of the process that append to X-Forwarded-For, Google's front end included.

    With 0 the header is ignored, since any client could write it."""
    rate_limit_mode: RateLimitMode = Field(RateLimitMode.ENFORCE, alias="RATE_LIMIT_MODE")
    rate_limits: Annotated[dict[str, str], BeforeValidator(_json)] = Field(
        default_factory=dict, alias="RATE_LIMITS"
    )
    """Other figures for named policies, as JSON: `{"clone": "20/3600"}`."""
    hash_secret: str = Field("", alias="HASH_SECRET")
    """Keys the hashes under which addresses appear in counters and logs."""
    location: str = Field("us-central1", alias="FUNCTIONS_LOCATION")
    """The region of the functions, and of their queues."""
    tasks_url: Address = Field("", alias="TASKS_URL")
    """The address of the tasks function; the audience of its callers' tokens as well."""
    invokers: Words = Field((), alias="INVOKERS")
    """The service accounts of Cloud Tasks and Cloud Scheduler, who alone may call the tasks
    function; tasks are queued in the name of the first."""
    avatar_bucket: str = Field("", alias="AVATAR_BUCKET")
    """The private Cloud Storage bucket of avatars and data exports."""
    public_url: Address = Field("", alias="PUBLIC_URL")
    """Where people find the API and its pages."""
    smtp_host: str = Field("", alias="SMTP_HOST")
    smtp_port: int = Field(587, alias="SMTP_PORT", ge=1, le=65535)
    smtp_security: SmtpSecurity = Field(SmtpSecurity.STARTTLS, alias="SMTP_SECURITY")
    smtp_user: str = Field("", alias="SMTP_USER")
    """Empty for a server that asks for no sign-in."""
    smtp_password: str = Field("", alias="SMTP_PASSWORD", repr=False)
    mail_from: Sender = Field("HypertroQ <no-reply@hypertroq.com>", alias="MAIL_FROM")
    support_address: str = Field("support@hypertroq.com", alias="SUPPORT_ADDRESS")
    feedback_address: str = Field("feedback@hypertroq.com", alias="FEEDBACK_ADDRESS")
    link_verify: Link = Field("", alias="LINK_VERIFY")
    """Where the link of a mail leads, `{token}` included; empty for our own page."""
    link_reset: Link = Field("", alias="LINK_RESET")
    link_invitation: Link = Field("", alias="LINK_INVITATION")
    link_cancel_deletion: Link = Field("", alias="LINK_CANCEL_DELETION")
    register_conceal: bool = Field(default=False, alias="REGISTER_CONCEAL")
    """Registering never tells whether an address has an account; a mail to its holder does."""
    lemonsqueezy_url: str = Field("https://api.lemonsqueezy.com/v1", alias="LEMONSQUEEZY_URL")
    """The payment service's API."""
    lemonsqueezy_key: str = Field("", alias="LEMONSQUEEZY_API_KEY")
    lemonsqueezy_store: str = Field("", alias="LEMONSQUEEZY_STORE_ID")
    lemonsqueezy_secrets: Words = Field((), alias="LEMONSQUEEZY_WEBHOOK_SECRETS")
    """What webhooks are signed with; two while one takes the other's place, the newer first."""
    billing_test_mode: bool = Field(default=False, alias="BILLING_TEST_MODE")
    """Whether payments are play money; events of the other mode change nothing."""
    billing_offers: Annotated[tuple[Offer, ...], BeforeValidator(_json)] = Field(
        (), alias="BILLING_OFFERS"
    )
    """What the shop's variants stand for, as JSON:
    `[{"variant_id": "7", "interval": "month", "price_cents": 3000}]`."""
    image_hosts: Words = Field(("storage.googleapis.com",), alias="IMAGE_HOSTS")
    """Hosts whose exercise pictures the web client can show."""
    pro_price_cents: int = Field(3_000, alias="PRO_PRICE_CENTS", ge=0, le=10_000_000)
    """What a Pro plan pays per month, in US cents; analytics multiply by it."""
    upgrade_url: str = Field("https://hypertroq.com/pricing", alias="UPGRADE_URL")

    @property
    def deployed(self) -> bool:
        return bool(self.service) and not self.functions_emulator

    @property
    def certificates_url(self) -> str:
        return self.local_certificates or GOOGLE_CERTIFICATES

    @property
    def invoker_certificates_url(self) -> str:
        return self.local_certificates or GOOGLE_INVOKER_CERTIFICATES

    @property
    def identity_toolkit(self) -> str:
        return self._google("identitytoolkit.googleapis.com/v1")

    @property
    def secure_token(self) -> str:
        return self._google("securetoken.googleapis.com/v1")

    def link(self, mode: str) -> str:
        """Where mails lead for this mode of the page at /auth/action, or of who replaces it."""
        chosen = {
            "verify": self.link_verify,
            "reset": self.link_reset,
            "invitation": self.link_invitation,
            "cancel-deletion": self.link_cancel_deletion,
        }[mode]
        return chosen or f"{self.public_url}/auth/action?mode={mode}&token={{token}}"

    def _google(self, address: str) -> str:
        host = self.identity_emulator
        return f"http://{host}/{address}" if host else f"https://{address}"

    @classmethod
    def from_environment(cls, variables: Mapping[str, str] = environ) -> "Settings":
        """Raises Misconfigured when a value is unusable or a local stack could leak out."""
        given = {
            field.alias: variables[field.alias]
            for field in cls.model_fields.values()
            if field.alias and variables.get(field.alias)
        }
        try:
            settings = cls.model_validate(given)
        except ValidationError as error:
            problems = "; ".join(
                f"{'.'.join(map(str, problem['loc']))}: {problem['msg']}"
                for problem in error.errors(include_input=False)
            )
            raise Misconfigured(f"Unusable environment: {problems}.") from None
        settings.guard()
        return settings

    def guard(self) -> None:
        """Refuse what would let forged tokens or switched-off limits reach a real project.

        The emulators' clients accept unsigned tokens, so nothing that points at an emulator may
        run deployed or against a project that could be real.
        """
        local = [name for name in LOCAL_ONLY if getattr(self, name)]
        if self.stack is not Stack.CLOUD:
            local.append("stack")
        names = ", ".join(type(self).model_fields[name].alias or name for name in local)
        if local and self.deployed:
            raise Misconfigured(
                f"Deployed as {self.service}, yet set up for a local stack: {names}."
            )
        if local and not self.project.startswith("demo-"):
            raise Misconfigured(
                f"A local stack ({names}) needs a project id that begins with demo-, "
                f"not {self.project or 'none'}."
            )
        if self.stack is Stack.CLOUD and self.rate_limit_mode is RateLimitMode.OFF:
            raise Misconfigured("RATE_LIMIT_MODE=off is for local stacks only.")
        if self.stack is Stack.CLOUD and self.smtp_security is SmtpSecurity.NONE:
            raise Misconfigured("SMTP_SECURITY=none is for local stacks only.")
        if self.deployed:
            missing = [
                type(self).model_fields[name].alias
                for name in (
                    "project",
                    "firebase_api_key",
                    "hash_secret",
                    "tasks_url",
                    "invokers",
                    "avatar_bucket",
                    "public_url",
                    "smtp_host",
                )
                if not getattr(self, name)
            ]
            if missing:
                raise Misconfigured(f"Deployed without {', '.join(map(str, missing))}.")
            if not self.trusted_hops:
                raise Misconfigured(
                    "Deployed with TRUSTED_HOPS=0: all callers would share the front end's address."
                )
            if len(self.hash_secret) < 16:
                raise Misconfigured("HASH_SECRET needs at least 16 characters.")


@cache
def settings() -> Settings:
    """The process's settings, read once."""
    return Settings.from_environment()
