from django.db import models


class Book(models.Model):
    """A book on our shelves."""

    title = models.CharField(max_length=200)
    author = models.CharField(max_length=200)
    year = models.PositiveSmallIntegerField()

    class Meta:
        ordering = ("title",)

    def __str__(self):
        return self.title
