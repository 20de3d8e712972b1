from django.apps import AppConfig


class NewsletterConfig(AppConfig):
    name = "newsletter"
    verbose_name = "Newsletter"

    def ready(self):
        from newsletter import webhooks

        # The one signal we listen to is somebody else's: django-anymail has no other way to tell.
        webhooks.connect()
