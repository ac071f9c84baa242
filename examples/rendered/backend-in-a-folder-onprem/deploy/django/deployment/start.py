"""Loads settings, then the project's own callable, in this order."""

import logging
import os
from importlib import import_module

_SETTINGS = "deployment.settings"


def load(target, interface):
    """Return the callable that *target* names ("shop.wsgi:application"), in production settings.

    Settings are read first, so that a wsgi.py that names others cannot bring them in.
    """
    os.environ["DJANGO_SETTINGS_MODULE"] = _SETTINGS
    os.environ["DEPLOYMENT_INTERFACE"] = interface

    import django
    from django.conf import settings
    from django.core.exceptions import ImproperlyConfigured

    if os.environ.get("DEPLOYMENT_BUILD") == "1":
        raise ImproperlyConfigured("DEPLOYMENT_BUILD=1 is for building an image; nothing is served with it.")
    if settings.DEBUG:
        raise ImproperlyConfigured("DEBUG is on. It shows settings and code to everyone; this site does not start.")
    django.setup()
    module, _, name = target.partition(":")
    application = getattr(import_module(module), name or "application")
    named = os.environ.get("DJANGO_SETTINGS_MODULE")
    if named != _SETTINGS:
        logging.getLogger(__name__).warning(
            "%s sets DJANGO_SETTINGS_MODULE to %s; the site runs with %s all the same", module, named, _SETTINGS
        )
        os.environ["DJANGO_SETTINGS_MODULE"] = _SETTINGS
    return application
