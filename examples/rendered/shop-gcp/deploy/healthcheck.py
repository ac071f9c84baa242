"""Ask this container's own web server whether it lives; exit 1 if it does not say 200."""

import http.client
import os
import sys

connection = http.client.HTTPConnection("127.0.0.1", int(os.environ.get("PORT", "8000")), timeout=4)
connection.request("GET", "/healthz/live", headers={"X-Forwarded-Proto": "https"})
sys.exit(connection.getresponse().status != 200)
