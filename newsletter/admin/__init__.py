from django.contrib import admin
from django_tasks_db.models import DBTaskResult

from newsletter.admin import issues, progress, settings, subscribers

__all__ = ["issues", "progress", "settings", "subscribers"]

# The queue of the worker is for operators; nothing at the desk is done there.
admin.site.unregister(DBTaskResult)
