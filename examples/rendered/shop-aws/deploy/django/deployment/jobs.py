"""Celery, where the project uses it."""

from deployment import project


def celery(env, own):
    """Return the Celery settings that replace the project's, as a dictionary."""
    if project.TASK_LIBRARY != "celery":
        return {}
    changed = {name: False for name in ("CELERY_TASK_ALWAYS_EAGER", "CELERY_ALWAYS_EAGER") if own.get(name)}
    for role, name in (("broker_url", "CELERY_BROKER_URL"), ("result_url", "CELERY_RESULT_BACKEND")):
        address = env.secret(role)
        if address and role not in project.READ_BY_PROJECT:
            changed[name] = address
    # A broker that comes up after the worker is waited for, not given up.
    changed["CELERY_BROKER_CONNECTION_RETRY_ON_STARTUP"] = own.get("CELERY_BROKER_CONNECTION_RETRY_ON_STARTUP", True)
    # Workers log through LOGGING, as the site does: to standard output, without secrets.
    changed["CELERY_WORKER_HIJACK_ROOT_LOGGER"] = own.get("CELERY_WORKER_HIJACK_ROOT_LOGGER", False)
    return changed
