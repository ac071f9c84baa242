from django.urls import path

from rooms.consumers import RoomConsumer

websocket_urlpatterns = [path("ws/rooms/<slug:name>/", RoomConsumer.as_asgi())]
