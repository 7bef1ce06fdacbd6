"""U3: pictures of people, in every format the client offers, fetched back by anyone."""

from typing import Any

import pytest
from PIL import Image, PngImagePlugin

from shared.errors import Unavailable
from shared.gateways.ports import Files
from shared.http.parsing import UPLOAD_BYTES
from shared.models.avatars import MOST_BYTES
from shared.wiring import Wiring
from tests.background import Background
from tests.client import Api
from tests.functions.bodies import MISSING
from tests.functions.refusals import needs_sign_in, refused, tells_the_same
from tests.people import Person
from tests.pictures import MAKER, ORIENTATION, form, halves, opened, picture, saved

UPLOADS = [("PUT", "image"), ("POST", "image"), ("PUT", "avatar"), ("POST", "avatar")]


@pytest.fixture(autouse=True)
def _files(files: Files) -> None:
    """Every test here needs the store."""


def upload(person: Person, data: bytes, **sent: Any) -> Any:
    answer = person.api.put("/users/me/image", **form(data, **sent))
    assert answer.status_code == 200, answer.text
    return answer.json


def shown(api: Api, person: Person) -> bytes:
    answer = api.get(f"/users/{person.user_id}/avatar")
    assert answer.status_code == 200, answer.text
    assert answer.content_type == "image/jpeg"
    return answer.get_data()


class TestWhoMay:
    @pytest.mark.parametrize(("method", "path"), UPLOADS)
    def test_nobody_without_signing_in(self, api: Api, method: str, path: str) -> None:
        needs_sign_in(api.call(method, f"/users/me/{path}", **form(picture())))

    @pytest.mark.parametrize("path", ["image", "avatar"])
    def test_nobody_takes_one_away_without_signing_in(self, api: Api, path: str) -> None:
        needs_sign_in(api.delete(f"/users/me/{path}"))

    def test_signing_in_is_asked_for_before_the_body_is_read(self, api: Api) -> None:
        needs_sign_in(api.put("/users/me/image", data=b"x" * (MOST_BYTES + 20_000)))

    def test_an_upload_changes_nobody_elses(
        self, api: Api, lifter: Person, stranger: Person
    ) -> None:
        upload(lifter, picture(colour=(255, 0, 0)))
        upload(stranger, picture(colour=(0, 0, 255)), user_id=lifter.user_id)
        assert opened(shown(api, lifter)).getpixel((5, 5))[0] > 200

    def test_everyone_sees_it_without_signing_in(self, api: Api, lifter: Person) -> None:
        upload(lifter, picture())
        assert shown(api, lifter).startswith(b"\xff\xd8\xff")


class TestUploading:
    @pytest.mark.parametrize(("method", "path"), UPLOADS)
    @pytest.mark.parametrize("field", ["image", "file", "avatar"])
    def test_both_paths_both_verbs_three_fields(
        self, lifter: Person, method: str, path: str, field: str
    ) -> None:
        answer = lifter.api.call(method, f"/users/me/{path}", **form(picture(), field))
        assert answer.status_code == 200
        assert answer.json["profile_image_url"] == f"/api/v1/users/{lifter.user_id}/avatar"

    def test_the_answer_is_the_whole_user(self, lifter: Person) -> None:
        """Section 10, row 6: the client overwrites its stored user with it."""
        body = upload(lifter, picture())
        assert body == lifter.api.get("/users/me").json == lifter.api.get("/auth/me").json

    @pytest.mark.parametrize(
        ("kind", "mode", "colour"),
        [
            ("JPEG", "RGB", (200, 30, 30)),
            ("PNG", "RGB", (200, 30, 30)),
            ("WEBP", "RGB", (200, 30, 30)),
            ("GIF", "RGB", (200, 30, 30)),
            ("PNG", "RGBA", (200, 30, 30, 255)),
            ("JPEG", "CMYK", (0, 217, 217, 55)),
        ],
    )
    def test_every_format_comes_back_as_a_small_progressive_jpeg(
        self, api: Api, lifter: Person, kind: str, mode: str, colour: Any
    ) -> None:
        """1200 x 600 fits 800 x 800 as 800 x 400."""
        upload(lifter, picture(kind, mode=mode, colour=colour))
        image = opened(shown(api, lifter))
        assert (image.format, image.mode, image.size) == ("JPEG", "RGB", (800, 400))
        assert image.info["progressive"]
        assert all(
            abs(is_ - was) <= 12
            for is_, was in zip(image.getpixel((400, 200)), (200, 30, 30), strict=True)
        )

    def test_nothing_is_enlarged(self, api: Api, lifter: Person) -> None:
        upload(lifter, picture(size=(40, 30)))
        assert opened(shown(api, lifter)).size == (40, 30)

    @pytest.mark.parametrize(
        ("kind", "options"), [("PNG", {}), ("WEBP", {"lossless": True})], ids=["PNG", "WEBP"]
    )
    def test_what_is_transparent_becomes_white(
        self, api: Api, lifter: Person, kind: str, options: dict[str, Any]
    ) -> None:
        upload(lifter, picture(kind, mode="RGBA", colour=(0, 0, 0, 0), **options))
        assert opened(shown(api, lifter)).getpixel((5, 5)) == (255, 255, 255)

    def test_an_animation_shows_its_first_frame(self, api: Api, lifter: Person) -> None:
        frames = [Image.new("RGB", (64, 64), colour) for colour in ("red", "lime", "blue")]
        data = saved(frames[0], "GIF", save_all=True, append_images=frames[1:])
        upload(lifter, data)
        red, green, blue = opened(shown(api, lifter)).getpixel((32, 32))
        assert red > 240
        assert max(green, blue) < 15

    @pytest.mark.parametrize("kind", ["JPEG", "PNG", "WEBP"])
    def test_a_picture_taken_sideways_stands_upright(
        self, api: Api, lifter: Person, kind: str
    ) -> None:
        """Orientation 6: turn it a quarter to the right; what was on the left is then above."""
        exif = Image.Exif()
        exif[ORIENTATION] = 6
        upload(lifter, halves(kind, exif=exif))
        image = opened(shown(api, lifter))
        assert image.size == (100, 200)
        above, below = image.getpixel((50, 20)), image.getpixel((50, 180))
        assert above[0] > 200 > above[2]
        assert below[2] > 200 > below[0]

    @pytest.mark.parametrize("kind", ["JPEG", "PNG", "WEBP"])
    def test_nothing_is_kept_of_what_a_camera_tells(
        self, api: Api, lifter: Person, kind: str
    ) -> None:
        """T16's canary: neither camera nor comment nor text reaches the stored bytes."""
        exif = Image.Exif()
        exif[MAKER] = "canary camera"
        options: dict[str, Any] = {"exif": exif}
        if kind == "JPEG":
            options["comment"] = b"canary comment"
        if kind == "PNG":
            text = PngImagePlugin.PngInfo()
            text.add_text("Author", "canary author")
            options["pnginfo"] = text
        data = picture(kind, **options)
        assert b"canary" in data
        upload(lifter, data)
        kept = shown(api, lifter)
        assert b"canary" not in kept
        assert b"Exif" not in kept

    def test_what_follows_the_picture_is_not_kept(self, api: Api, lifter: Person) -> None:
        upload(lifter, picture() + b"<script>canary</script>")
        assert b"canary" not in shown(api, lifter)

    @pytest.mark.parametrize(
        "kind",
        [
            "Multipart/Form-Data; boundary=xyz",
            "MULTIPART/FORM-DATA; Boundary=xyz",
            'multipart/form-data ; boundary="xyz"',
        ],
    )
    def test_however_the_client_spells_the_media_type(self, lifter: Person, kind: str) -> None:
        head = b'--xyz\r\nContent-Disposition: form-data; name="image"; filename="a.png"\r\n\r\n'
        body = head + picture() + b"\r\n--xyz--\r\n"
        answer = lifter.api.put("/users/me/image", data=body, headers={"Content-Type": kind})
        assert answer.status_code == 200, answer.text


class TestRefusing:
    def test_a_form_without_the_file(self, lifter: Person) -> None:
        answer = lifter.api.put("/users/me/image", **form(picture(), "photo"))
        errors = refused(answer, 422, "VALIDATION_ERROR")["errors"]
        assert [row["field"] for row in errors] == ["body.image"]

    def test_nothing_at_all(self, lifter: Person) -> None:
        refused(lifter.api.put("/users/me/image"), 422, "VALIDATION_ERROR")

    def test_a_form_in_which_no_file_was_chosen(self, lifter: Person) -> None:
        boundary = "x"
        body = f'--{boundary}\r\nContent-Disposition: form-data; name="image"; filename=""\r\n\r\n'
        answer = lifter.api.put(
            "/users/me/image",
            data=f"{body}\r\n--{boundary}--\r\n",
            headers={"Content-Type": f"multipart/form-data; boundary={boundary}"},
        )
        refused(answer, 422, "VALIDATION_ERROR")

    @pytest.mark.parametrize(
        "content_type",
        [
            "multipart/form-data",
            "multipart/form-data; boundary=",
            "multipart/form-data; boundary=é",
        ],
    )
    def test_a_form_that_cannot_be_read(self, lifter: Person, content_type: str) -> None:
        headers = {"Content-Type": content_type}
        answer = lifter.api.put("/users/me/image", data=b"--x\r\n", headers=headers)
        refused(answer, 400, "MALFORMED_BODY")

    def test_a_form_that_breaks_off(self, lifter: Person) -> None:
        body = b'--x\r\nContent-Disposition: form-data; name="image"; filename="a"\r\n\r\nabc'
        headers = {"Content-Type": "multipart/form-data; boundary=x"}
        answer = lifter.api.put("/users/me/image", data=body, headers=headers)
        refused(answer, 400, "MALFORMED_BODY")

    def test_json(self, lifter: Person) -> None:
        answer = lifter.api.put("/users/me/image", json={"image": "x"})
        refused(answer, 415, "UNSUPPORTED_MEDIA_TYPE")

    def test_a_file_of_five_mebibytes_is_taken_and_one_byte_more_is_not(
        self, lifter: Person
    ) -> None:
        """The rest of the file lies behind the picture, where every decoder stops."""
        small = picture()
        most = small + bytes(MOST_BYTES - len(small))
        assert lifter.api.put("/users/me/image", **form(most)).status_code == 200
        answer = lifter.api.put("/users/me/image", **form(most + b"x"))
        refused(answer, 413, "FILE_TOO_LARGE")

    def test_too_much_is_refused_by_its_length_before_it_is_read(self, lifter: Person) -> None:
        """What it holds is no form."""
        answer = lifter.api.put(
            "/users/me/image",
            data=bytes(UPLOAD_BYTES + 1),
            headers={"Content-Type": "multipart/form-data; boundary=x"},
        )
        refused(answer, 413, "FILE_TOO_LARGE")

    @pytest.mark.parametrize(
        "data",
        [
            pytest.param(b"", id="nothing"),
            pytest.param(b"hello", id="text"),
            pytest.param(b"%PDF-1.7", id="PDF"),
            pytest.param(b"<svg xmlns='http://www.w3.org/2000/svg'/>", id="SVG"),
            pytest.param(picture("BMP"), id="BMP"),
            pytest.param(b"II*\x00" + bytes(100), id="TIFF"),
            pytest.param(picture("ICO"), id="ICO"),
            pytest.param(picture()[:200], id="cut off"),
            pytest.param(picture(size=(15, 400)), id="narrower than 16"),
            pytest.param(picture("PNG", size=(4097, 16)), id="longer than 4096"),
            pytest.param(picture("PNG", size=(4096, 3907)), id="more than 16 million pixels"),
        ],
    )
    def test_what_is_no_picture_we_take(self, lifter: Person, data: bytes) -> None:
        before = lifter.api.get("/users/me").json
        answer = lifter.api.put("/users/me/image", **form(data, name="x.jpg"))
        refused(answer, 400, "INVALID_FILE_TYPE")
        assert lifter.api.get("/users/me").json == before

    def test_the_largest_picture_is_taken(self, lifter: Person) -> None:
        """4096 x 3906 = 15,998,976 pixels."""
        upload(lifter, picture("PNG", size=(4096, 3906)))

    def test_what_it_is_called_makes_no_difference(self, api: Api, lifter: Person) -> None:
        upload(lifter, picture("PNG"), name="../../etc/passwd\x00.exe")
        assert shown(api, lifter)


class TestShowing:
    def test_there_is_none_at_first(self, api: Api, lifter: Person) -> None:
        assert lifter.api.get("/users/me").json["profile_image_url"] is None
        refused(api.get(f"/users/{lifter.user_id}/avatar"), 404, "RESOURCE_NOT_FOUND")

    def test_nobody_looks_like_somebody_without_one(self, api: Api, lifter: Person) -> None:
        nobody = api.get(f"/users/{MISSING}/avatar")
        tells_the_same(nobody, api.get(f"/users/{lifter.user_id}/avatar"))

    def test_an_id_that_is_none_is_a_422(self, api: Api) -> None:
        refused(api.get("/users/a%2Fb/avatar"), 404, "RESOURCE_NOT_FOUND")
        refused(api.get("/users/..%00/avatar"), 422, "VALIDATION_ERROR")

    def test_what_clients_append_makes_no_difference(self, api: Api, lifter: Person) -> None:
        """Section 10, row 14."""
        upload(lifter, picture())
        plain = shown(api, lifter)
        answer = api.get(f"/users/{lifter.user_id}/avatar?t=1764064000000")
        assert (answer.status_code, answer.get_data()) == (200, plain)

    def test_it_may_be_kept_for_a_while_and_asked_about(self, api: Api, lifter: Person) -> None:
        upload(lifter, picture())
        path = f"/users/{lifter.user_id}/avatar"
        first = api.get(path)
        assert first.headers["Cache-Control"] == "public, max-age=300"
        again = api.get(path, headers={"If-None-Match": first.headers["ETag"]})
        assert (again.status_code, again.get_data()) == (304, b"")
        upload(lifter, picture(colour=(0, 0, 0)))
        changed = api.get(path, headers={"If-None-Match": first.headers["ETag"]})
        assert changed.status_code == 200
        assert changed.headers["ETag"] != first.headers["ETag"]

    def test_a_page_may_not_run_what_it_shows(self, api: Api, lifter: Person) -> None:
        upload(lifter, picture())
        headers = api.get(f"/users/{lifter.user_id}/avatar").headers
        assert headers["X-Content-Type-Options"] == "nosniff"
        assert headers["Content-Security-Policy"] == "default-src 'none'; frame-ancestors 'none'"


class TestReplacing:
    def test_the_old_one_is_removed_and_no_other(
        self, files: Files, lifter: Person, stranger: Person, background: Background
    ) -> None:
        for person in (lifter, stranger):
            upload(person, picture())
        upload(lifter, picture(colour=(0, 0, 0)))
        mine = f"avatars/{lifter.user_id}/"
        assert len(files.names(mine)) == 2
        (old,) = [task["object"] for kind, task in background.waiting() if mine in str(task)]
        background.deliver(object=old)
        (left,) = files.names(mine)
        assert left != old
        assert len(files.names(f"avatars/{stranger.user_id}/")) == 1

    @pytest.mark.parametrize("path", ["image", "avatar"])
    def test_taking_it_away(
        self, api: Api, files: Files, lifter: Person, background: Background, path: str
    ) -> None:
        upload(lifter, picture())
        (name,) = files.names(f"avatars/{lifter.user_id}/")
        for _ in range(2):
            answer = lifter.api.delete(f"/users/me/{path}")
            assert (answer.status_code, answer.get_data()) == (204, b"")
        assert lifter.api.get("/users/me").json["profile_image_url"] is None
        refused(api.get(f"/users/{lifter.user_id}/avatar"), 404, "RESOURCE_NOT_FOUND")
        background.deliver(object=name)
        assert files.names(f"avatars/{lifter.user_id}/") == []

    def test_a_removed_object_is_not_shown(self, api: Api, files: Files, lifter: Person) -> None:
        upload(lifter, picture())
        for name in files.names(f"avatars/{lifter.user_id}/"):
            files.delete(name)
        refused(api.get(f"/users/{lifter.user_id}/avatar"), 404, "RESOURCE_NOT_FOUND")


class TestWithoutTheStore:
    @pytest.fixture(autouse=True)
    def _down(self, parts: Wiring, files: Files, monkeypatch: pytest.MonkeyPatch) -> None:
        def down(*_: object, **__: object) -> None:
            raise Unavailable("The file store does not answer. Try again shortly.")

        for name in ("put", "get"):
            monkeypatch.setattr(files, name, down)

    def test_uploading_says_so_and_changes_nothing(self, lifter: Person) -> None:
        answer = lifter.api.put("/users/me/image", **form(picture()))
        refused(answer, 503, "SERVICE_UNAVAILABLE")
        assert answer.headers["Retry-After"]
        assert lifter.api.get("/users/me").json["profile_image_url"] is None

    def test_showing_says_so(self, api: Api, lifter: Person, parts: Wiring) -> None:
        parts.account_repository.set_avatar(
            lifter.user_id, f"avatars/{lifter.user_id}/x.jpg", parts.now()
        )
        refused(api.get(f"/users/{lifter.user_id}/avatar"), 503, "SERVICE_UNAVAILABLE")
