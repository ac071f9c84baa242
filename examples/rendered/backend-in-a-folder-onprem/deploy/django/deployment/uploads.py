"""Uploads in a bucket: containers come and go, and what they write to their disk goes with them.

MEDIA_STORAGE names the bucket: gs://bucket, s3://bucket?region=eu-central-1, azure://account/container.
It is private. Pages link to a file by a signed address that works for an hour; who may see
the page may see the file. Nothing is signed with a key that could leak: the site's own
identity in its cloud does it.
"""

from urllib.parse import parse_qsl, urlsplit

_FILES = "django.core.files.storage.FileSystemStorage"
_EXPECTED = "gs://bucket, s3://bucket?region=eu-central-1 or azure://account/container"
_SIGNED_FOR_S = 3600


def uploads(env, own):
    """Return (the storage of uploads, its settings); the project's own where no bucket is named."""
    configured = own.get("STORAGES", {}).get("default")
    default = configured or {"BACKEND": own.get("DEFAULT_FILE_STORAGE", _FILES)}
    written = env.text("media_storage")
    # A storage of the project's own knows its bucket; only a folder cannot stay one.
    if not written or default["BACKEND"] != _FILES:
        return default, {}
    address = urlsplit(written)
    make = {"gs": _google, "s3": _amazon, "azure": _azure}.get(address.scheme)
    if make is None or not address.netloc or (address.scheme == "azure" and not address.path.strip("/")):
        env.wrong("media_storage", _EXPECTED, written)
        return default, {}
    backend, settings = make(address, dict(parse_qsl(address.query)))
    return {"BACKEND": backend}, settings


def _google(address, options):
    # https://django-storages.readthedocs.io/en/latest/backends/gcloud.html
    return "storages.backends.gcloud.GoogleCloudStorage", {
        "GS_BUCKET_NAME": address.netloc,
        "GS_DEFAULT_ACL": None,
        "GS_FILE_OVERWRITE": False,
        "GS_QUERYSTRING_AUTH": True,
        "GS_IAM_SIGN_BLOB": True,
        "GS_EXPIRATION": _SIGNED_FOR_S,
    }


def _amazon(address, options):
    # https://django-storages.readthedocs.io/en/latest/backends/amazon-S3.html
    return "storages.backends.s3.S3Storage", {
        "AWS_STORAGE_BUCKET_NAME": address.netloc,
        "AWS_S3_REGION_NAME": options.get("region"),
        "AWS_S3_CUSTOM_DOMAIN": options.get("domain"),
        "AWS_DEFAULT_ACL": None,
        "AWS_S3_FILE_OVERWRITE": False,
        "AWS_QUERYSTRING_AUTH": "domain" not in options,
        "AWS_QUERYSTRING_EXPIRE": _SIGNED_FOR_S,
        "AWS_S3_SIGNATURE_VERSION": "s3v4",
    }


def _azure(address, options):
    # https://django-storages.readthedocs.io/en/latest/backends/azure.html
    from azure.identity import DefaultAzureCredential

    return "storages.backends.azure_storage.AzureStorage", {
        "AZURE_ACCOUNT_NAME": address.netloc,
        "AZURE_CONTAINER": address.path.strip("/"),
        "AZURE_TOKEN_CREDENTIAL": DefaultAzureCredential(),
        "AZURE_OVERWRITE_FILES": False,
        "AZURE_URL_EXPIRATION_SECS": _SIGNED_FOR_S,
    }
