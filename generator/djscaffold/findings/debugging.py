"""Debugging that is on where strangers look."""

from __future__ import annotations

from djscaffold.findings.model import ERROR, WARNING, Facts, Finding, value_of

_TOOLS = {
    "debug_toolbar": "django-debug-toolbar",
    "silk": "django-silk",
    "django_browser_reload": "django-browser-reload",
}


def debug_on(facts: Facts) -> Finding | None:
    """Find DEBUG = True."""
    debug = value_of(facts.project.debug)
    if debug is None or debug.source != "literal" or debug.value is not True:
        return None
    return Finding(
        id="debug-on",
        severity=ERROR,
        message="DEBUG is on: every error shows settings and source to whoever caused it, and "
        "memory grows with every query.",
        evidence=facts.where("DEBUG"),
        fix="Turn it off in production.",
        handled=True,
    )


def debug_default_on(facts: Facts) -> Finding | None:
    """Find a DEBUG that is on unless a variable says otherwise."""
    debug = value_of(facts.project.debug)
    if debug is None or debug.source != "env" or debug.value is not True:
        return None
    return Finding(
        id="debug-default-on",
        severity=WARNING,
        message=f"DEBUG is on unless {debug.env} turns it off: one forgotten variable shows "
        "everything.",
        evidence=facts.where("DEBUG"),
        fix="Let the default be off.",
        handled=True,
    )


def debug_any_text(facts: Facts) -> Finding | None:
    """Find bool(os.environ.get("DEBUG")), for which the text "False" is true."""
    found = facts.seen("debug-any-text")
    if not found:
        return None
    name = found[0].subject
    return Finding(
        id="debug-any-text",
        severity=ERROR,
        message=f"Any text in {name} turns DEBUG on, also False and 0: bool() of a text is true.",
        evidence=found[0].evidence,
        fix=f'Compare: os.environ.get("{name}", "").lower() in ("1", "true", "yes").',
        handled=True,
    )


def debug_tools(facts: Facts) -> Finding | None:
    """Find tools for developers in the production settings."""
    apps = [app for app in facts.project.installed_apps if app.partition(".")[0] in _TOOLS]
    if not apps:
        return None
    return Finding(
        id="debug-tools-in-production",
        severity=WARNING,
        message=f"The production settings install {', '.join(apps)}: slow, and made to show "
        "what is inside.",
        evidence=facts.where("INSTALLED_APPS"),
        fix="Add them in the development settings only.",
    )


def template_debug(facts: Facts) -> Finding | None:
    """Find the cached template loader taken away."""
    templates = facts.value("TEMPLATES")
    first = templates[0] if isinstance(templates, list) and templates else None
    options = first.get("OPTIONS") if isinstance(first, dict) else None
    loaders = options.get("loaders") if isinstance(options, dict) else None
    if not isinstance(loaders, list) or not loaders or "cached" in str(loaders):
        return None
    return Finding(
        id="templates-not-cached",
        severity=WARNING,
        message="TEMPLATES names loaders without the cached one: every page compiles its "
        "templates again.",
        evidence=facts.where("TEMPLATES"),
        fix="Leave loaders out; Django then caches.",
    )


RULES = (debug_on, debug_default_on, debug_any_text, debug_tools, template_debug)
