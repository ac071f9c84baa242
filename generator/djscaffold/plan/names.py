"""Names that are legal everywhere: Linux users, databases, units, cloud resources."""

from __future__ import annotations

import re
import unicodedata

# Settings packages that say nothing about the project: the folder's name is taken instead.
GENERIC_PACKAGES = frozenset(
    [
        "app",
        "apps",
        "backend",
        "base",
        "code",
        "conf",
        "config",
        "configs",
        "core",
        "django",
        "main",
        "project",
        "server",
        "settings",
        "site",
        "src",
        "web",
        "website",
    ]
)
# Users, groups, databases and folders of /etc that exist already on a server, or that a cloud
# refuses. The validator of project_slug (templates/_questions/project.yml) has the same ones.
RESERVED = frozenset(
    [
        "adm",
        "admin",
        "administrator",
        "ansible",
        "apt",
        "audio",
        "azure",
        "backup",
        "bin",
        "caddy",
        "crontab",
        "daemon",
        "db2",
        "default",
        "dialout",
        "disk",
        "django",
        "fax",
        "floppy",
        "ftp",
        "games",
        "git",
        "guest",
        "haproxy",
        "input",
        "irc",
        "kmem",
        "kvm",
        "list",
        "lp",
        "mail",
        "man",
        "memcache",
        "messagebus",
        "mysql",
        "netdev",
        "news",
        "nginx",
        "nobody",
        "nogroup",
        "operator",
        "plugdev",
        "postgres",
        "proxy",
        "public",
        "python",
        "python3",
        "rabbitmq",
        "rdsadmin",
        "redis",
        "render",
        "root",
        "sa",
        "sasl",
        "service",
        "sgx",
        "shadow",
        "src",
        "ssh",
        "sshd",
        "ssl",
        "staff",
        "sudo",
        "sync",
        "sys",
        "system",
        "systemd",
        "tape",
        "test",
        "tty",
        "user",
        "users",
        "utmp",
        "uucp",
        "valkey",
        "video",
        "voice",
        "www",
        "www-data",
    ]
)
# useradd(8) refuses longer user names; four characters stay free for suffixes.
MAX_LENGTH = 28


def slug_of(text: str) -> str:
    """Return *text* as a name: lower case, digits and dashes, a letter first, not reserved.

    >>> slug_of("My Shop_2")
    'my-shop-2'
    """
    plain = unicodedata.normalize("NFKD", text).encode("ascii", "ignore").decode()
    words = re.sub(r"[^a-z0-9]+", "-", plain.lower()).strip("-")
    if not words:
        return "app"
    if not words[0].isalpha():
        words = f"app-{words}"
    words = words[:MAX_LENGTH].strip("-")
    return f"{words[: MAX_LENGTH - 5]}-site" if words in RESERVED else words


def project_slug(folder: str, settings_module: str | None) -> str:
    """Return the name of a project from its settings package, else from its folder."""
    package = (settings_module or "").partition(".")[0]
    if package and package.lower() not in GENERIC_PACKAGES:
        return slug_of(package)
    return slug_of(folder)
