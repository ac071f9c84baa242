from django import forms

from orders.models import Order, Product


class OrderForm(forms.ModelForm):
    class Meta:
        model = Order
        fields = ("product", "customer")


class DataSheetForm(forms.ModelForm):
    class Meta:
        model = Product
        fields = ("data_sheet",)
