from django.urls import path

from orders import views

urlpatterns = [
    path("", views.desk, name="desk"),
    path("orders/<int:pk>/", views.order, name="order"),
    path("products/<int:pk>/data-sheet/", views.data_sheet, name="data-sheet"),
    path("products.json", views.products, name="products"),
    path("counts.json", views.counts, name="counts"),
    path("who.json", views.who, name="who"),
    path("report/<int:seconds>/", views.report, name="report"),
]
