"""What the team and its site need: the short profile behind a recommendation."""

from djscaffold.profile.model import Profile

__all__ = ["Profile"]
