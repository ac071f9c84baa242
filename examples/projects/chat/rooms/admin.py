from django.contrib import admin

from rooms.models import Message

admin.site.register(Message)
