"""The floor: a Django view of 45,000 bytes with nothing around it. `gunicorn benchmarks.bare:application`"""

from django.conf import settings
from django.core.wsgi import get_wsgi_application
from django.http import HttpRequest, HttpResponse
from django.urls import path

PAGE = b"x" * 45_000


def bare(_request: HttpRequest) -> HttpResponse:
    return HttpResponse(PAGE)


urlpatterns = [path("", bare)]
settings.configure(
    ROOT_URLCONF=__name__, SECRET_KEY="the floor keeps no secret", ALLOWED_HOSTS=["127.0.0.1"], MIDDLEWARE=[]
)
application = get_wsgi_application()
