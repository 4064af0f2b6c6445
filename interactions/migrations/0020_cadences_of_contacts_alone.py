"""What waits for a date or an absence never was a matter of staying in touch: no contact moves it.

And what is owed before a date comes round with the date, whatever rhythm was said beside it.
"""

from django.db import migrations


def forget_cadences(apps, schema_editor):
    follow_ups = apps.get_model("interactions", "FollowUp").objects
    follow_ups.filter(counts_from_contact=True).exclude(trigger="").update(counts_from_contact=False)
    before_a_date = follow_ups.filter(trigger="before_date").exclude(recurrence="")
    before_a_date.update(recurrence="FREQ=YEARLY")


class Migration(migrations.Migration):

    dependencies = [("interactions", "0009_calendar_webhook")]

    operations = [migrations.RunPython(forget_cadences, migrations.RunPython.noop)]
