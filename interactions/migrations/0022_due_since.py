"""What waits to be sent is due when it is tried next, as far as anybody wrote down."""

from django.db import migrations
from django.db.models import F


def fill_in(apps, schema_editor):
    for name in ("BriefingLetter", "CustomerMessage"):
        waiting = apps.get_model("interactions", name).objects.filter(state="waiting")
        waiting.update(send_at=F("next_attempt_at"))


class Migration(migrations.Migration):

    dependencies = [("interactions", "0021_promises_kept")]

    operations = [migrations.RunPython(fill_in, migrations.RunPython.noop)]
