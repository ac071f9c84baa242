"""A visitor with a cookie jar: curl, told where a host name leads."""

from __future__ import annotations

import json
import re
import subprocess
import tempfile
from dataclasses import dataclass, field
from pathlib import Path


@dataclass(frozen=True)
class Answer:
    """One HTTP answer; header names are in lower case."""

    status: int
    headers: dict[str, str]
    body: bytes
    http_version: str

    @property
    def text(self) -> str:
        """Return the body as text."""
        return self.body.decode("utf-8", "replace")

    def json(self) -> dict[str, object]:
        """Return the body read as a JSON object."""
        value = json.loads(self.body)
        assert isinstance(value, dict)
        return value


@dataclass
class Browser:
    """Visits *host* at *address*; redirects are not followed, certificates are checked if given."""

    address: str
    host: str
    certificate: Path | None = None
    scheme: str = "https"
    _folder: Path = field(default_factory=lambda: Path(tempfile.mkdtemp(prefix="djscaffold-")))

    def get(self, path: str, *options: str, host: str | None = None) -> Answer:
        """Ask for *path*; *host* changes the Host header alone."""
        extra = ("-H", f"Host: {host}") if host is not None else ()
        return self._curl(path, *extra, *options)

    def post(self, path: str, fields: dict[str, str], **files: Path) -> Answer:
        """Send the form that stands at *path*, with its CSRF token, as a browser does."""
        page = self.get(path)
        token = re.search(r'name="csrfmiddlewaretoken" value="([^"]+)"', page.text)
        assert token, f"no form at {path}: {page.status} {page.text[:300]}"
        form = {**fields, "csrfmiddlewaretoken": token[1]}
        words = [
            word for name, value in form.items() for word in ("--form-string", f"{name}={value}")
        ]
        words += [word for name, file in files.items() for word in ("-F", f"{name}=@{file}")]
        return self._curl(path, "-H", f"Referer: {self.scheme}://{self.host}{path}", *words)

    def log_in(self, user: str, password: str, path: str = "/admin/login/") -> Answer:
        """Sign in at Django's admin."""
        return self.post(path, {"username": user, "password": password, "next": "/admin/"})

    def _curl(self, path: str, *options: str) -> Answer:
        jar, head, body = (str(self._folder / name) for name in ("jar", "head", "body"))
        trust = ("--cacert", str(self.certificate)) if self.certificate else ("--insecure",)
        result = subprocess.run(
            [
                *("curl", "--silent", "--show-error", "--max-time", "60", "--globoff"),
                *("--connect-to", f"{self.host}::{self.address}:"),
                *(
                    "-b",
                    jar,
                    "-c",
                    jar,
                    "-D",
                    head,
                    "-o",
                    body,
                    "-w",
                    "%{http_code} %{http_version}",
                ),
                *trust,
                *options,
                f"{self.scheme}://{self.host}{path}",
            ],
            capture_output=True,
            text=True,
        )
        if result.returncode != 0:
            raise ConnectionError(f"{self.scheme}://{self.host}{path}: {result.stderr.strip()}")
        status, version = result.stdout.split()
        lines = Path(head).read_text().splitlines()
        pairs = (line.partition(":") for line in lines if ":" in line)
        headers = {name.lower(): value.strip() for name, _, value in pairs}
        content = Path(body).read_bytes() if Path(body).exists() else b""
        Path(body).unlink(missing_ok=True)
        return Answer(int(status), headers, content, version)
