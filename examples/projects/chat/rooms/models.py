from django.db import models


class Message(models.Model):
    """One sentence, said in a room."""

    room = models.SlugField()
    text = models.CharField(max_length=500)
    said = models.DateTimeField(auto_now_add=True)

    def __str__(self):
        return self.text
