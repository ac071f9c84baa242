"""Work that nobody has to wait for."""

from celery import shared_task
from django.utils import timezone

from orders.models import Order, Pulse


@shared_task
def send_receipt(order_id):
    """Tell the customer; here, write down that we did."""
    Order.objects.filter(pk=order_id).update(receipt_sent=timezone.now())


@shared_task
def pulse():
    """Show that the schedule runs, and how often."""
    Pulse.objects.create()
