"""Runs beside the site for as long as it does: see the Procfile."""

import time

from django.core.management.base import BaseCommand
from orders.models import Order


class Command(BaseCommand):
    """Print each order as it comes."""

    help = "Print each order as it comes, for ever."

    def handle(self, *args, **options):
        """Look once a second."""
        last = Order.objects.order_by("pk").values_list("pk", flat=True).last() or 0
        while True:
            for order in Order.objects.filter(pk__gt=last).order_by("pk"):
                last = order.pk
                self.stdout.write(f"order {last}: {order.product}")
            time.sleep(1)
