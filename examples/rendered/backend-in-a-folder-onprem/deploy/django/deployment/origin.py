"""Loads the project's own production settings, unchanged."""

import os
from importlib import import_module

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


def load(env):
    """Return the project's settings as a dictionary: every name in capitals."""
    _switch_debug_off(env)
    _read_secret_files(env)
    _check_required(env)
    env.stop_if_wrong()
    module = _module_of_class() if project.CONFIGURATION_CLASS else import_module(project.SETTINGS_MODULE)
    return {name: getattr(module, name) for name in dir(module) if name.isupper()}


def _switch_debug_off(env):
    """Let the project's `if DEBUG:` take the production branch."""
    # Set here and not in the environment file: nobody can turn it on by mistake.
    if "debug" in project.READ_BY_PROJECT:
        env.variables[env.name("debug")] = project.DEBUG_OFF


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
            env.variables[name] = "unset-while-building"
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
