"""What is run inside the image: Python, because a slim image has no curl."""

from __future__ import annotations

# Prints the status, then the length of the body. argv: path, host.
VISIT = """
import http.client, os, sys
site = http.client.HTTPConnection("127.0.0.1", int(os.environ.get("PORT", "8000")), timeout=20)
headers = {"Host": sys.argv[2], "X-Forwarded-Proto": "https"}
try:
    site.request("GET", sys.argv[1], headers=headers)
    answer = site.getresponse()
    print(answer.status, len(answer.read()))
except OSError as error:
    print(0, error)
"""

# Prints the address of a static file as a template would write it; nothing if there is none.
STATIC = """
import django
django.setup()
from django.contrib.staticfiles.finders import get_finders
from django.contrib.staticfiles.storage import staticfiles_storage
names = [path for finder in get_finders() for path, storage in finder.list([])]
names.sort(key=lambda path: (not path.endswith((".css", ".js")), path))
print(staticfiles_storage.url(names[0]) if names else "")
"""

# Fails where the user is root, or may write to the code.
USER = """
import os, sys
writable = [path for path in ("/app", "/opt/venv", "/srv/static") if os.access(path, os.W_OK)]
print(os.getuid(), *writable)
sys.exit(os.getuid() == 0 or bool(writable))
"""
