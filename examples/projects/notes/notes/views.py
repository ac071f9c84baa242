from django.shortcuts import redirect, render

from .models import Note


def index(request):
    if request.method == 'POST':
        Note.objects.create(text=request.POST['text'], picture=request.FILES.get('picture', ''))
        return redirect('index')
    return render(request, 'notes/index.html', {'notes': Note.objects.all()})
