"""``nginx -t`` on the rendered site, laid out in a scratch folder as a server would have it.

What belongs to the server itself is replaced there: certificates (they do not exist here), ports
below 1024 (an ordinary user may not open them), and the files that Ansible writes for each machine.
"""

from __future__ import annotations

import re
from pathlib import Path

from djscaffold.verify.model import Command, Prepared, Skip, ToolOutput, Tree

HTTP2_DIRECTIVE_SINCE = (1, 25, 1)
# Ansible chooses these on the server; here the choice that says most about the files.
CHOSEN = {"listen-default.conf": "listen-default-tls.conf"}

MAIN = """\
pid {folder}/nginx.pid;
error_log stderr;
include {modules};
events {{ }}
http {{
    include {mime_types};
    access_log off;
    client_body_temp_path {folder}/body;
    proxy_temp_path {folder}/proxy;
    fastcgi_temp_path {folder}/fastcgi;
    uwsgi_temp_path {folder}/uwsgi;
    scgi_temp_path {folder}/scgi;
    include conf.d/*.conf;
}}
"""


def prepare(tree: Tree, scratch: Path, version_text: str) -> Prepared:
    """Return the one command that reads the whole site."""
    source = tree.root / "deploy/nginx"
    sites = tree.files("deploy/nginx/*.conf")
    if not sites:
        return Skip("no deploy/nginx/*.conf here")
    slug = str(tree.answers.get("project_slug", "app"))
    for path in tree.files("deploy/nginx/*.conf", "deploy/nginx/snippets/**/*"):
        target = _installed(path.relative_to(source), scratch, slug)
        target.parent.mkdir(parents=True, exist_ok=True)
        target.write_text(_without_machine(path.read_text(encoding="utf-8")), encoding="utf-8")
    _add_chosen(scratch / "snippets" / slug, nginx_version(version_text))
    _add_missing(scratch)
    (scratch / "nginx.conf").write_text(
        MAIN.format(
            folder=scratch,
            modules="/etc/nginx/modules-enabled/*.conf",
            mime_types="/etc/nginx/mime.types",
        )
    )
    argv = ("nginx", "-t", "-c", f"{scratch}/nginx.conf")
    return (Command(argv=argv, subject="deploy/nginx", cwd=scratch),)


def read(output: ToolOutput) -> str:
    """Return nginx's own words, warnings too, with our paths instead of the scratch folder's."""
    lines = [line for line in output.text.splitlines() if not _is_no_finding(line)]
    text = re.sub(r"/\S+?/(conf\.d|snippets/[^/\s]+)/", _as_rendered, "\n".join(lines))
    return text or ("" if output.code == 0 else f"exit code {output.code}, without a word")


def nginx_version(text: str) -> tuple[int, ...]:
    """Return the version in what ``nginx -v`` prints: ``nginx version: nginx/1.22.1``."""
    match = re.search(r"nginx/(\d+)\.(\d+)\.(\d+)", text)
    return tuple(int(part) for part in match.groups()) if match else (0,)


def _is_no_finding(line: str) -> bool:
    good = ("syntax is ok", "test is successful")
    this_account = ('the "user" directive makes sense only', "could not open error log")
    return any(words in line for words in (*good, *this_account))


def _as_rendered(match: re.Match[str]) -> str:
    return "deploy/nginx/" if match[1] == "conf.d" else "deploy/nginx/snippets/"


def _installed(path: Path, scratch: Path, slug: str) -> Path:
    """Return where a rendered file lies on a server: sites in conf.d, snippets by project."""
    if path.parts[0] == "snippets":
        return scratch / "snippets" / slug / Path(*path.parts[1:])
    return scratch / "conf.d" / path.name


def _without_machine(text: str) -> str:
    """Replace certificates and privileged ports, keeping every line where it is."""
    text = re.sub(r"ssl_certificate\s+[^;]+;", "ssl_reject_handshake on;", text)
    text = re.sub(r"ssl_certificate_key\s+[^;]+;", "", text)
    return re.sub(r"(listen\s+(?:\[::\]:|[\d.]+:)?)(80|443)\b", r"\g<1>10\2", text)


def _add_chosen(snippets: Path, version: tuple[int, ...]) -> None:
    modern = "listen-tls.conf"
    chosen = {"listen.conf": modern if version >= HTTP2_DIRECTIVE_SINCE else _older(snippets)}
    for name, source in (CHOSEN | chosen).items():
        if (snippets / source).is_file() and not (snippets / name).exists():
            (snippets / name).write_text((snippets / source).read_text())


def _older(snippets: Path) -> str:
    return next(
        (path.name for path in snippets.glob("listen-tls-before-*.conf")), "listen-tls.conf"
    )


def _add_missing(scratch: Path) -> None:
    """Write an empty file for every include that only exists on a server."""
    for path in scratch.rglob("*.conf"):
        for name in re.findall(r"^\s*include\s+([^;*]+);", path.read_text(), flags=re.MULTILINE):
            wanted = scratch / name.strip()
            if not name.startswith("/") and not wanted.exists():
                wanted.parent.mkdir(parents=True, exist_ok=True)
                wanted.touch()
