"""What the team and its site need: the short profile behind a recommendation."""
