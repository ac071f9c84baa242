"""What is sold, to whom, and what has been done about it."""

from django.db import models


class Product(models.Model):
    """Something on the shelf."""

    name = models.CharField(max_length=80, unique=True)
    price_cents = models.PositiveIntegerField()
    data_sheet = models.FileField(upload_to="data-sheets/", blank=True)

    class Meta:
        ordering = ("name",)

    def __str__(self):
        return self.name


class Order(models.Model):
    """One piece of a product, asked for by somebody."""

    product = models.ForeignKey(Product, on_delete=models.PROTECT, related_name="orders")
    customer = models.EmailField()
    placed = models.DateTimeField(auto_now_add=True)
    receipt_sent = models.DateTimeField(null=True, blank=True)

    def __str__(self):
        return f"{self.product} for {self.customer}"


class Pulse(models.Model):
    """One beat of the schedule."""

    at = models.DateTimeField(auto_now_add=True)

    class Meta:
        verbose_name_plural = "pulses"

    def __str__(self):
        return str(self.at)
