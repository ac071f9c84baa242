"""Containers: uploads in a bucket, static files by the site itself."""

from __future__ import annotations

import pytest

from .conftest import MakeSite

CLOUD = {"platform": "gcp", "gcp_project": "example-project"}


@pytest.mark.parametrize(
    ("address", "backend", "setting"),
    [
        ("gs://shop-media", "storages.backends.gcloud.GoogleCloudStorage", "GS_BUCKET_NAME"),
        (
            "s3://shop-media?region=eu-west-1",
            "storages.backends.s3.S3Storage",
            "AWS_S3_REGION_NAME",
        ),
    ],
)
def test_uploads_go_to_the_bucket_that_is_named(
    make_site: MakeSite, address: str, backend: str, setting: str
) -> None:
    site = make_site(MEDIA_STORAGE=address)

    shown = site.setting(f"s.STORAGES['default']['BACKEND'], s.{setting}")

    assert shown == f"{backend} {'eu-west-1' if 'region' in address else 'shop-media'}"


def test_nobody_is_given_another_ones_file(make_site: MakeSite) -> None:
    """Signed addresses, no public list, and a second file of the same name gets its own."""
    site = make_site(MEDIA_STORAGE="gs://shop-media")

    assert (
        site.setting("s.GS_QUERYSTRING_AUTH, s.GS_DEFAULT_ACL, s.GS_FILE_OVERWRITE")
        == "True None False"
    )


def test_a_storage_of_the_projects_own_is_left_alone(make_site: MakeSite) -> None:
    own = "django.core.files.storage.InMemoryStorage"
    site = make_site(
        f'\nSTORAGES = {{"default": {{"BACKEND": "{own}"}}}}\n', MEDIA_STORAGE="gs://shop-media"
    )

    assert site.setting("s.STORAGES['default']['BACKEND']") == own


@pytest.mark.parametrize("address", ["shop-media", "gs://", "ftp://shop", "azure://account"])
def test_a_wrong_bucket_is_named(make_site: MakeSite, address: str) -> None:
    site = make_site(MEDIA_STORAGE=address)

    assert "MEDIA_STORAGE must be gs://bucket" in site.refusal()


def test_a_container_serves_its_static_files(make_site: MakeSite) -> None:
    """Under a name that holds a hash, for ever; on a server nginx does it."""
    site = make_site(answers=CLOUD, STATIC_ROOT="/unset")
    root = site.root / "static"
    site.manage("collectstatic", "--noinput", STATIC_ROOT=str(root))
    ask = (
        "from django.test import Client\n"
        "from django.templatetags.static import static\n"
        "address = static('admin/css/base.css')\n"
        "answer = Client().get(address, secure=True, HTTP_HOST='shop.example.org')\n"
        "print(answer.status_code, answer.headers['Cache-Control'])"
    )

    done = site.run(ask, STATIC_ROOT=str(root))

    assert done.stdout.split(" ", 1) == ["200", "max-age=315360000, public, immutable\n"], (
        done.stderr
    )


def test_on_a_server_nothing_is_added(make_site: MakeSite) -> None:
    site = make_site()

    assert "whitenoise" not in site.setting("s.MIDDLEWARE")
