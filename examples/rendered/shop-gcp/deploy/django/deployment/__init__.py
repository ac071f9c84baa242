"""What this site needs in production, and its own settings leave open.

Put this package on PYTHONPATH and set DJANGO_SETTINGS_MODULE=deployment.settings.
Nothing of the project itself is edited; every value that differs between machines
comes from the environment (deploy/env.example lists them all).
"""
