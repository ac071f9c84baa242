"""Read a Django project, choose where to host it, and write the files that deploy it."""

__version__ = "0.1.0"
