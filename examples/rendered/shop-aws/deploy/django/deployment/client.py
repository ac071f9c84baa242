"""Whose request it is, behind proxies that can be trusted, and whether it came through them.

Over a unix socket there is no address, and behind a balancer it is the balancer's. Rate
limits and audit logs read REMOTE_ADDR, so it has to be the client's. Each proxy appends the
address it sees to X-Forwarded-For: of the addresses, the n-th from the right was written by
the outermost of n trusted proxies. Anything left of it is what the client claims.
"""

from hmac import compare_digest
from ipaddress import ip_address

REFUSAL = "Not here: this site answers at its domain.\n"


def client_address(forwarded_for, proxies):
    """Return the address that the outermost of *proxies* proxies saw, or None."""
    addresses = [part.strip() for part in forwarded_for.split(",") if part.strip()]
    if proxies < 1 or len(addresses) < proxies:
        return None
    try:
        return str(ip_address(addresses[-proxies]))
    except ValueError:
        return None


def went_around(edge_header, read):
    """Say whether a request lacks what the CDN in front adds; *read* returns a header, or ''."""
    if edge_header is None:
        return False
    name, value = edge_header
    return not compare_digest(read(name).encode("latin-1", "replace"), value.encode())
