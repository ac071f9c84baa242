"""Reads environment variables, strictly.

A missing or wrong value is noted, not guessed; `stop_if_wrong` then reports all of them
at once. Values of secrets are never part of a message.

A secret can also be a file: NAME_FILE holds its path (a systemd credential, a mounted
secret), and is read in place of NAME.
"""

import os
import re
from pathlib import Path
from urllib.parse import unquote

from django.core.exceptions import ImproperlyConfigured

from deployment import project

_ON = ("1", "true", "yes", "on")
_OFF = ("0", "false", "no", "off")
_HOST = re.compile(r"\.?[a-z0-9]([a-z0-9-]*[a-z0-9])?(\.[a-z0-9]([a-z0-9-]*[a-z0-9])?)*")
_ADDRESS = re.compile(r"\d{1,3}(\.\d{1,3}){3}|\[[0-9a-f:]+\]")
_HEADER = re.compile(r"([A-Za-z0-9-]+):\s*(\S+)")
_ORIGIN = re.compile(r"https?://(\*\.)?[^/*@\s]+")


class Environment:
    """The variables of this process, with what was wrong about them.

    `building` means that an image is being built: nothing is served, no secret is there.
    `under_asgi` is said by deployment.asgi before any setting is read.
    """

    def __init__(self, variables=None):
        self.variables = os.environ if variables is None else variables
        self.problems = []
        self.secrets = []
        self.building = self.variables.get("DEPLOYMENT_BUILD", "") == "1"
        self.under_asgi = self.variables.get("DEPLOYMENT_INTERFACE", "") == "asgi"

    def name(self, role):
        """Return the variable that holds *role*: project.py says which."""
        return project.VARIABLES[role]

    def wrong(self, role, expected, value=None):
        """Note that the variable of *role* is wrong. Without *value*, it is a secret."""
        shown = "" if value is None else f"; it is {value!r}"
        self.problems.append(f"{self.name(role)} must be {expected}{shown}")

    def text(self, role, default=""):
        """Return a value as it is written, without space around it."""
        return self.variables.get(self.name(role), "").strip() or default

    def secret(self, role):
        """Return a secret from NAME or from the file that NAME_FILE names, or ''."""
        name = self.name(role)
        path = self.variables.get(f"{name}_FILE", "")
        if path:
            try:
                self.variables[name] = Path(path).read_text(encoding="utf-8").strip()
            except (OSError, UnicodeDecodeError) as error:
                self.problems.append(f"{name}_FILE names {path!r}, which cannot be read: {error}")
        value = self.variables.get(name, "").strip()
        self._remember(value)
        return value

    def _remember(self, value):
        """Keep *value*, and the password in it, out of every log line."""
        found = [value]
        if "://" in value:
            password = value.split("://", 1)[1].rpartition("@")[0].partition(":")[2]
            found += [password, unquote(password)]
        self.secrets += [secret for secret in found if secret and secret not in self.secrets]

    def required_secret(self, role, expected):
        """Return a secret that has to be there; while an image is built, ''."""
        value = self.secret(role)
        if not value and not self.building:
            self.problems.append(f"{self.name(role)} is not set; it must be {expected}")
        return value

    def flag(self, role, default):
        """Return a switch: true or false, in the usual spellings."""
        value = self.text(role).lower()
        if not value:
            return default
        if value not in _ON + _OFF:
            self.wrong(role, "true or false", value)
            return default
        return value in _ON

    def number(self, role, default, lowest, highest, unit=""):
        """Return a whole number from *lowest* to *highest*."""
        value = self.text(role)
        if not value:
            return default
        if re.fullmatch(r"\d{1,12}", value) and lowest <= int(value) <= highest:
            return int(value)
        self.wrong(role, f"a whole number{unit and ' of ' + unit} from {lowest} to {highest}", value)
        return default

    def one_of(self, role, choices):
        """Return one of *choices*, upper or lower case; the first is the default."""
        value = self.text(role, choices[0])
        for choice in choices:
            if value.lower() == choice.lower():
                return choice
        self.wrong(role, "one of " + ", ".join(choices), value)
        return choices[0]

    def words(self, role):
        """Return a list that is written with commas or spaces between its items."""
        # Brackets and quotes: projects that read JSON write their lists so.
        return [word for word in re.split(r"[\s,]+", self.text(role).strip("[]")) if word.strip("\"'")]

    def hosts(self, role):
        """Return host names: no scheme, no port, and never `*`."""
        hosts = [word.strip("\"'").lower() for word in self.words(role)]
        for host in hosts:
            if not (_HOST.fullmatch(host) or _ADDRESS.fullmatch(host)):
                self.wrong(role, "host names such as www.example.org, with commas between", host)
        return hosts

    def origins(self, role):
        """Return origins: a scheme and a host, such as https://www.example.org."""
        origins = [word.strip("\"'").rstrip("/") for word in self.words(role)]
        for origin in origins:
            if not _ORIGIN.fullmatch(origin):
                self.wrong(role, "origins such as https://www.example.org, with commas between", origin)
        return origins

    def header(self, role):
        """Return a header and its value, written `Name: value`, as (name, value); or None."""
        value = self.text(role)
        if not value:
            return None
        found = _HEADER.fullmatch(value)
        if found is None:
            self.wrong(role, "a header and its value, such as X-Azure-FDID: 1234")
            return None
        return found[1].lower(), found[2]

    def folder(self, role):
        """Return an absolute folder, or '' if none is named."""
        value = self.text(role)
        if value and not value.startswith("/"):
            self.wrong(role, "an absolute folder; releases come and go beneath a relative one", value)
        return value

    def stop_if_wrong(self):
        """Raise ImproperlyConfigured that names everything noted so far."""
        if self.problems:
            listed = "".join(f"\n  {problem}" for problem in self.problems)
            raise ImproperlyConfigured(
                f"The environment is not complete:{listed}\nEvery variable is explained in deploy/env.example."
            )
