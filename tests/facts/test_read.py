"""A whole project, read once."""

from __future__ import annotations

from collections.abc import Callable

from djscaffold.facts.model import Found, Place
from djscaffold.facts.project import ProjectFacts


def test_a_plain_project_is_read(read_settings: Callable[..., ProjectFacts]) -> None:
    facts = read_settings('import os\nSECRET_KEY = os.environ["KEY"]\n')

    assert facts.production_settings == Found(
        "shop.settings", (Place("manage.py", 2), Place("shop/wsgi.py", 2))
    )
    assert facts.wsgi_application == Found("shop.wsgi:application", (Place("shop/wsgi.py", 4),))
    assert isinstance(facts.env_vars, Found)
    assert [(one.name, one.required) for one in facts.env_vars.value] == [("KEY", True)]


def test_a_variable_that_its_own_absence_leaves_out_is_optional(
    read_settings: Callable[..., ProjectFacts],
) -> None:
    """The address is put together only if both are set; the one below always is."""
    facts = read_settings(
        "import os\nimport dj_email_url\n"
        "URL = os.environ.get('EMAIL_URL')\n"
        "USER = os.environ.get('SMTP_USER')\n"
        "PASSWORD = os.environ.get('SMTP_PASSWORD')\n"
        "if not URL and USER and PASSWORD:\n"
        "    URL = f'smtp://{USER}:{PASSWORD}@mail.example.org'\n"
        "EMAIL_HOST = dj_email_url.parse(URL or '').get('EMAIL_HOST', '')\n"
        "BROKER = f\"amqp://{os.environ.get('RABBIT_USER')}@localhost\"\n"
    )

    assert isinstance(facts.env_vars, Found)
    assert [one.name for one in facts.env_vars.value if one.required] == ["RABBIT_USER"]


def test_uploads_that_a_view_saves_itself_are_uploads(
    read_settings: Callable[..., ProjectFacts],
) -> None:
    view = (
        "from django.core.files.storage import FileSystemStorage\n"
        "def send(request):\n"
        "    FileSystemStorage().save('a', request.FILES['a'])\n"
    )
    settings = 'MEDIA_ROOT = "/srv/media"\n'

    with_view = read_settings(settings, **{"upload/views.py": view}).media
    without = read_settings(settings, **{"upload/views.py": "import os\n"}).media

    assert isinstance(with_view, Found)
    assert (with_view.value.takes_uploads, with_view.value.file_fields) == (True, False)
    assert with_view.evidence[-1] == Place("upload/views.py", 3)
    assert isinstance(without, Found)
    assert not without.value.takes_uploads
