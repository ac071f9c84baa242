"""The pages of the desk."""

import time

from django.contrib.auth.decorators import login_required
from django.core.cache import cache
from django.db import transaction
from django.http import JsonResponse
from django.shortcuts import get_object_or_404, redirect, render

from orders.forms import DataSheetForm, OrderForm
from orders.models import Order, Product, Pulse
from orders.tasks import send_receipt

LONGEST_WAIT_S = 25


def desk(request):
    """Show the products and the order form."""
    form = OrderForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        order = form.save()
        transaction.on_commit(lambda: send_receipt.delay(order.pk))
        return redirect("order", pk=order.pk)
    return render(request, "orders/desk.html", {"products": Product.objects.all(), "form": form})


def order(request, pk):
    """Tell whether the receipt has been sent."""
    found = get_object_or_404(Order, pk=pk)
    return JsonResponse({"order": found.pk, "receipt_sent": found.receipt_sent})


@login_required(login_url="/admin/login/")
def data_sheet(request, pk):
    """Attach a file to a product."""
    product = get_object_or_404(Product, pk=pk)
    form = DataSheetForm(request.POST or None, request.FILES or None, instance=product)
    if request.method == "POST" and form.is_valid():
        form.save()
        return redirect("desk")
    return render(request, "orders/data_sheet.html", {"product": product, "form": form})


def products(request):
    """List the shelf as JSON, from the cache if it is there."""
    rows = cache.get("products")
    if rows is None:
        rows = list(Product.objects.values("name", "price_cents"))
        cache.set("products", rows, 5)
    return JsonResponse({"products": rows})


def counts(request):
    """Say how many rows each table has, for whoever watches the site."""
    models = (Product, Order, Pulse)
    return JsonResponse({model.__name__.lower(): model.objects.count() for model in models})


def who(request):
    """Echo what the proxies in front told us."""
    return JsonResponse(
        {
            "client": request.META["REMOTE_ADDR"],
            "secure": request.is_secure(),
            "host": request.get_host(),
            "forwarded_for": request.META.get("HTTP_X_FORWARDED_FOR"),
        }
    )


def report(request, seconds):
    """A page that takes its time."""
    time.sleep(min(seconds, LONGEST_WAIT_S))
    return JsonResponse({"waited_s": seconds})
