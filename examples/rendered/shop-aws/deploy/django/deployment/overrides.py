"""Settings of your own for production. They come last, so they win.

This file is yours: updates of the other files do not touch it as long as they need not.
Write plain Django settings, for example:

    SESSION_COOKIE_AGE = 60 * 60 * 24 * 7

DEBUG cannot be turned on here.
"""
