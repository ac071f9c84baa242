"""Loads the project's own production settings, unchanged."""

import os
import sys
from importlib import import_module

from django import conf

from deployment import project

_SECRETS = (
    "secret_key",
    "database_url",
    "database_password",
    "cache_url",
    "broker_url",
    "result_url",
    "channels_url",
    "email_url",
)
# While an image is built no variable is set and nothing is reached: what the project reads
# itself gets a value of the right form, in this process only.
_SCHEMES = {"mysql": "mysql", "mariadb": "mysql", "postgis": "postgis", "sqlite": "sqlite"}
_UNSET = "unset-while-building"
_WHILE_BUILDING = {
    "allowed_hosts": "localhost",
    "csrf_trusted_origins": "https://localhost",
    "database_url": f"{_SCHEMES.get(project.DATABASE_ENGINE, 'postgres')}://{_UNSET}@localhost/{_UNSET}",
    "database_name": _UNSET,
    "database_user": _UNSET,
    "database_password": _UNSET,
    "database_host": "localhost",
    "database_port": "3306" if _SCHEMES.get(project.DATABASE_ENGINE) == "mysql" else "5432",
    "cache_url": "redis://localhost:6379/0",
    "broker_url": "redis://localhost:6379/0",
    "result_url": "redis://localhost:6379/0",
    "channels_url": "redis://localhost:6379/0",
    "email_url": "smtp://localhost:25",
    "default_from_email": "unset@localhost",
}


def load(env):
    """Return the project's settings as a dictionary: every name in capitals."""
    _switch_debug_off(env)
    _fill_in_while_building(env)
    _read_secret_files(env)
    _check_required(env)
    env.stop_if_wrong()
    settings = conf.settings
    module = _module_of_class() if project.CONFIGURATION_CLASS else import_module(project.SETTINGS_MODULE)
    _put_back(settings)
    return {name: getattr(module, name) for name in dir(module) if name.isupper()}


def _put_back(settings):
    """Undo what Dynaconf does: its own object in the place of Django's settings.

    The settings of this package would count for nothing. Dynaconf's values stay: they are in
    the project's module as well. https://www.dynaconf.com/django/
    """
    sys.modules["django.conf"] = conf
    replacement = conf.settings
    if replacement is settings:
        return
    frame = sys._getframe()
    while frame is not None:
        if frame.f_globals.get("settings") is replacement:
            frame.f_globals["settings"] = settings
        frame = frame.f_back


def _switch_debug_off(env):
    """Let the project's `if DEBUG:` take the production branch."""
    # Set here and not in the environment file: nobody can turn it on by mistake.
    if "debug" in project.READ_BY_PROJECT:
        env.variables[env.name("debug")] = project.DEBUG_OFF


def _fill_in_while_building(env):
    """Give the project's settings what they may not load without, where an image is built."""
    for role, value in _WHILE_BUILDING.items():
        name = env.name(role)
        if env.building and role in project.READ_BY_PROJECT and not env.variables.get(name):
            env.variables[name] = value


def _read_secret_files(env):
    """Put secrets that are files into the variables that the project's settings read."""
    for role in _SECRETS:
        if role in project.READ_BY_PROJECT:
            env.secret(role)


def _check_required(env):
    """Name the project's own variables that are missing; its own error might be a KeyError."""
    for name, where in project.REQUIRED.items():
        if env.variables.get(name) or env.variables.get(f"{name}_FILE"):
            continue
        if env.building:
            # Settings must load so that static files can be collected; nothing is served.
            env.variables[name] = "1" if name.endswith("PORT") else _UNSET
        else:
            env.problems.append(f"{name} is not set; {where} reads it")


def _module_of_class():
    """Return the module after django-configurations has put the class's values into it."""
    from configurations import importer

    ours = os.environ.get("DJANGO_SETTINGS_MODULE")
    os.environ["DJANGO_SETTINGS_MODULE"] = project.SETTINGS_MODULE
    os.environ["DJANGO_CONFIGURATION"] = project.CONFIGURATION_CLASS
    try:
        importer.install()
        return import_module(project.SETTINGS_MODULE)
    finally:
        if ours is None:
            del os.environ["DJANGO_SETTINGS_MODULE"]
        else:
            os.environ["DJANGO_SETTINGS_MODULE"] = ours


class Done:
    """Stands for the configuration class where django-configurations looks for it in our module.

    A Celery app installs its importer before our settings load; the real class has done
    its work by then, in `_module_of_class`.
    """

    @classmethod
    def pre_setup(cls):
        """Do nothing."""

    setup = post_setup = pre_setup
