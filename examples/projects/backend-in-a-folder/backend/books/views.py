from rest_framework.serializers import ModelSerializer
from rest_framework.viewsets import ModelViewSet

from books.models import Book


class BookSerializer(ModelSerializer):
    class Meta:
        model = Book
        fields = ("id", "title", "author", "year")


class BookViewSet(ModelViewSet):
    """The catalogue: everybody reads, signed-in people write."""

    queryset = Book.objects.all()
    serializer_class = BookSerializer

    def get_queryset(self):
        year = self.request.query_params.get("year", "")
        return self.queryset.filter(year=year) if year.isdecimal() else self.queryset.all()
