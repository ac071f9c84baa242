from django.shortcuts import render

from rooms.models import Message


def room(request, name):
    """Show what has been said last."""
    messages = Message.objects.filter(room=name).order_by("-pk")[:50]
    return render(request, "rooms/room.html", {"name": name, "messages": reversed(messages)})
