"""A1: POST /auth/register."""

import jwt
import pytest
from firebase_admin import auth

from infra.local.stack import LocalStack
from shared.errors import Unavailable
from shared.models.organizations import Tier
from shared.models.users import Role
from shared.wiring import Wiring
from tests.client import Api
from tests.functions.auth.newcomers import a_newcomer, an_address, claims, firebase_sign_up, login
from tests.functions.refusals import problem_places, refused
from tests.functions.together import together
from tests.people import PASSWORD

USER = {
    "id": str,
    "email": str,
    "full_name": str,
    "organization_id": str,
    "organization_name": str,
    "organization": dict,
    "role": str,
    "is_active": bool,
    "is_verified": bool,
    "profile_image_url": type(None),
    "deletion_requested_at": type(None),
    "subscription_tier": str,
    "subscription_status": str,
    "created_at": str,
    "updated_at": str,
}
TOKENS = {"access_token": str, "refresh_token": str, "token_type": str, "expires_in": int}


def no_account(parts: Wiring, email: str) -> bool:
    """Whether Firebase knows nobody of this address."""
    try:
        auth.get_user_by_email(email, app=parts.directory._app)
    except auth.UserNotFoundError:
        return True
    return False


def test_a_newcomer_gets_the_user_and_the_tokens_in_one_body(api: Api):
    """A1: the web client wants the user, everybody else the tokens."""
    person = a_newcomer(organization_name="Iron House")
    answer = api.post("/auth/register", json=person)
    assert answer.status_code == 201
    body = answer.json
    assert {name: type(value) for name, value in body.items()} == USER | TOKENS
    assert (body["email"], body["full_name"]) == (person["email"], "Robin Lifter")
    assert body["organization_name"] == body["organization"]["name"] == "Iron House"
    assert body["organization"]["id"] == body["organization_id"]
    assert (body["role"], body["is_active"], body["is_verified"]) == ("USER", True, False)
    assert (body["subscription_tier"], body["subscription_status"]) == ("FREE", "ACTIVE")
    assert body["token_type"] == "bearer"
    assert "password" not in answer.text.lower()


@pytest.mark.parametrize("left_out", [{}, {"organization_name": None}, {"organization_name": " "}])
def test_the_readmes_own_example_needs_no_organization(api: Api, left_out: dict[str, object]):
    """A1: its name then comes from the person's."""
    body = api.post("/auth/register", json=a_newcomer(full_name="Kim Park") | left_out).json
    assert body["organization_name"] == "Kim Park's gym"


@pytest.mark.embedded_only("the emulator signs nothing")
def test_the_tokens_are_firebases_and_their_lifetime_is_true(api: Api, stack: LocalStack):
    """Decision 7: checked with the signer's public key, as any other service of ours would."""
    body = api.post("/auth/register", json=a_newcomer()).json
    told = jwt.decode(
        body["access_token"],
        stack.identity._signer.public_key,
        algorithms=["RS256"],
        audience="demo-hypertroq",
        issuer="https://securetoken.google.com/demo-hypertroq",
    )
    assert told["sub"] == told["user_id"] == body["id"]
    assert told["email"] == body["email"]
    assert told["firebase"]["sign_in_provider"] == "password"
    assert body["expires_in"] == told["exp"] - told["iat"] == 3600


def test_the_access_token_works_at_once(api: Api, functions):
    body = api.post("/auth/register", json=a_newcomer()).json
    seen = Api(functions, body["access_token"]).get("/auth/me").json
    assert seen == {name: body[name] for name in USER}


def test_nothing_in_the_body_chooses_rights_or_an_organization(api: Api, pro, parts: Wiring):
    """S1, S13, decision 9: such fields have no effect."""
    mine = "11111111-1111-4111-8111-111111111111"
    body = api.post(
        "/auth/register",
        json=a_newcomer(
            id=mine,
            organization_id=pro.organization_id,
            organization={"id": pro.organization_id, "subscription_tier": "PRO"},
            organization_role="OWNER",
            role="ADMIN",
            is_admin=True,
            is_verified=True,
            tier="PRO",
            subscription_tier="PRO",
            created_by=mine,
            status="active",
            login_count=7,
            tokens_valid_after=9_999_999_999,
        ),
    ).json
    assert mine not in {body["id"], body["organization_id"]}
    assert body["organization_id"] != pro.organization_id
    assert (body["role"], body["is_verified"]) == ("USER", False)
    account = parts.account_repository.load(body["id"])
    assert account is not None
    assert account.user.role is Role.USER
    assert account.organization.subscription_tier is Tier.FREE
    assert account.organization.owner_user_id == body["id"]
    assert not {"role", "org", "tier", "admin"} & claims(body["access_token"]).keys()


@pytest.mark.parametrize("spelling", [str, str.upper, str.title, "  {}  ".format])
def test_an_address_that_is_taken_is_a_409_in_any_spelling(api: Api, lifter, spelling):
    """A1, C3: the web client branches on 409, its tests on "already exists"."""
    answer = api.post("/auth/register", json=a_newcomer(email=spelling(lifter.email)))
    refused(answer, 409, "EMAIL_ALREADY_REGISTERED")
    assert "already exists" in answer.json["detail"]


def test_a_taken_address_is_refused_alike_with_another_password(api: Api, lifter):
    answer = api.post(
        "/auth/register", json=a_newcomer(email=lifter.email, password="another quiet one")
    )
    refused(answer, 409, "EMAIL_ALREADY_REGISTERED")
    assert login(api, lifter.email).status_code == 200


@pytest.mark.parametrize("name", ["", " ", "\t\n", "\u3000"])
def test_a_blank_name_is_a_422_and_leaves_nothing_behind(api: Api, parts: Wiring, name: str):
    """A1, C2, C9."""
    person = a_newcomer(full_name=name)
    assert problem_places(api.post("/auth/register", json=person)) == ["body.full_name"]
    assert no_account(parts, person["email"])


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("email", None),
        ("email", ""),
        ("email", "robin"),
        ("email", "robin@"),
        ("email", "robin@example"),
        ("email", "robin@exa mple.com"),
        ("email", "röbin@example.com"),
        ("email", "robin@-example.com"),
        ("email", "robin@example.com\x00"),
        ("email", "a@b.example" + "x" * 250),
        ("email", ["robin@example.com"]),
        ("password", None),
        ("password", ""),
        ("password", 12345678),
        ("password", "x" * 4_097),
        ("full_name", None),
        ("full_name", "x" * 256),
        ("full_name", "Robin\x07Lifter"),
        ("organization_name", "x"),
        ("organization_name", " x "),
        ("organization_name", "x" * 256),
        ("organization_name", 7),
    ],
)
def test_an_unusable_field_is_a_422_that_names_it(api: Api, field: str, value: object):
    """A1's 422, field by field."""
    answer = api.post("/auth/register", json=a_newcomer(**{field: value}))
    assert problem_places(answer) == [f"body.{field}"]


def test_everything_that_is_missing_is_named_at_once(api: Api):
    answer = api.post("/auth/register", json={})
    assert problem_places(answer) == ["body.email", "body.password", "body.full_name"]


@pytest.mark.parametrize(
    ("password", "why"),
    [
        ("short 7", "at least 8"),
        ("x" * 8, "more than one character"),
        ("password1", "most common"),
        ("PASSWORD1", "most common"),
        ("y" + "x" * 128, "at most 128"),
        ("robin rocks 1", "name and address"),
        ("my LIFTER days", "name and address"),
    ],
)
def test_a_weak_password_is_a_422_with_the_reason(api: Api, parts: Wiring, password: str, why: str):
    """A1, S5, decision 13."""
    person = a_newcomer(password=password)
    answer = api.post("/auth/register", json=person)
    assert (answer.status_code, answer.json["error"]["code"]) == (422, "PASSWORD_TOO_WEAK")
    (problem,) = answer.json["detail"]
    assert problem["loc"] == ["body", "password"]
    assert why in problem["msg"]
    assert password not in answer.text
    assert no_account(parts, person["email"])


def test_the_address_itself_is_no_password(api: Api):
    """S5."""
    email = an_address()
    answer = api.post("/auth/register", json=a_newcomer(email=email, password=f"{email}!"))
    assert (answer.status_code, answer.json["error"]["code"]) == (422, "PASSWORD_TOO_WEAK")


@pytest.mark.parametrize(
    "password",
    [
        "quietbar",
        "abcdefgh ijklmnop " * 7 + "xy",
        "Kraftübung im 🏋 Keller",
        "  blanks around  ",
        "all lower case",
        "91827364",
    ],
)
def test_a_password_needs_no_kinds_of_characters(api: Api, password: str):
    """Decision 13: 8 to 128 characters of any kind; blanks are kept."""
    person = a_newcomer(password=password)
    assert api.post("/auth/register", json=person).status_code == 201
    assert login(api, person["email"], password).status_code == 200
    for other in (password.strip() if password != password.strip() else password + " ",):
        assert login(api, person["email"], other).status_code == 401


def test_no_part_of_a_long_password_is_cut_off(api: Api):
    """S14: bcrypt would look at 72 bytes only."""
    person = a_newcomer(password="a quiet morning " * 6 + "1234")
    assert len(person["password"]) == 100
    assert api.post("/auth/register", json=person).status_code == 201
    assert login(api, person["email"], person["password"][:72]).status_code == 401
    assert login(api, person["email"], person["password"][:99] + "5").status_code == 401
    assert login(api, person["email"], person["password"]).status_code == 200


def test_a_registration_that_was_cut_off_is_completed_by_repeating_it(api: Api, parts: Wiring):
    """C2: Firebase has the account, we have no profile yet."""
    person = a_newcomer(organization_name="Second Try")
    parts.directory.create("cut-off-" + person["email"][:12], person["email"], PASSWORD, "Robin")
    body = api.post("/auth/register", json=person)
    assert body.status_code == 201
    assert body.json["id"] == "cut-off-" + person["email"][:12]
    assert body.json["organization_name"] == "Second Try"
    assert api.post("/auth/register", json=person).status_code == 409


def test_a_registration_during_an_outage_is_completed_by_repeating_it(
    api: Api, parts: Wiring, monkeypatch: pytest.MonkeyPatch
):
    """Whoever is told to try again later is not told then that the address is taken."""

    def away(*_: object) -> None:
        raise Unavailable("Sign-in does not answer. Try again shortly.")

    person = a_newcomer()
    with monkeypatch.context() as outage:
        outage.setattr(parts.sign_in, "sign_in", away)
        refused(api.post("/auth/register", json=person), 503, "SERVICE_UNAVAILABLE")
    again = api.post("/auth/register", json=person)
    assert (again.status_code, again.json["email"]) == (201, person["email"])


def test_a_registration_that_was_cut_off_is_not_completed_by_somebody_else(api: Api, parts: Wiring):
    """Whoever does not know the password gets what every taken address gets."""
    person = a_newcomer()
    user_id = "cut-off-" + person["email"][:12]
    parts.directory.create(user_id, person["email"], PASSWORD, "Robin")
    answer = api.post("/auth/register", json=person | {"password": "another quiet one"})
    refused(answer, 409, "EMAIL_ALREADY_REGISTERED")
    assert parts.account_repository.load(user_id) is None


def test_a_disabled_account_looks_like_any_taken_address(api: Api, parts: Wiring):
    person = a_newcomer()
    user_id = "disabled-" + person["email"][:12]
    parts.directory.create(user_id, person["email"], PASSWORD, "Robin")
    auth.update_user(user_id, disabled=True, app=parts.directory._app)
    refused(api.post("/auth/register", json=person), 409, "EMAIL_ALREADY_REGISTERED")


def test_identical_registrations_at_once_make_one_account(api: Api, parts: Wiring):
    """C2, C4: one of them may be told that the address is taken, none fails otherwise."""
    person = a_newcomer()
    answers = together([lambda: api.post("/auth/register", json=person)] * 4)
    assert {answer.status_code for answer in answers} <= {201, 409}
    made = {answer.json["id"] for answer in answers if answer.status_code == 201}
    assert len(made) == 1
    firebase = auth.get_user_by_email(person["email"], app=parts.directory._app)
    assert made == {firebase.uid}
    assert len(parts.documents.find("users", [("email", "==", person["email"])], limit=5)) == 1
    owned = [("owner_user_id", "==", firebase.uid)]
    assert len(parts.documents.find("organizations", owned, limit=5)) == 1


def test_somebody_from_the_firebase_sdk_may_still_register(api: Api, stack: LocalStack):
    """Decision 7: signed up there, and not yet called us."""
    there = firebase_sign_up(stack)
    answer = api.post("/auth/register", json=a_newcomer(email=there["email"]))
    assert (answer.status_code, answer.json["id"]) == (201, there["localId"])


def test_an_account_is_stored_whole(api: Api, parts: Wiring):
    """C2: person, organization and membership, in one commit."""
    body = api.post("/auth/register", json=a_newcomer()).json
    organization = f"organizations/{body['organization_id']}"
    member = f"{organization}/members/{body['id']}"
    stored = parts.documents.get_many([f"users/{body['id']}", organization, member])
    assert len(stored) == 3
    assert len({document.updated_at for document in stored.values()}) == 1
    assert stored[member].data["role"] == "OWNER"
    assert PASSWORD not in str(stored)
