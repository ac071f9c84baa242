from django.contrib import admin
from django.urls import path

from rooms.views import room

urlpatterns = [
    path("admin/", admin.site.urls),
    path("", room, {"name": "hall"}),
    path("rooms/<slug:name>/", room, name="room"),
]
