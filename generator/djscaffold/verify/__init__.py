"""A rendered tree under the real tools."""
