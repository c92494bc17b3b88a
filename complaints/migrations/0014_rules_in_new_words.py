"""The reminder rules of offices that had them before speak the new words; edited ones stay edited."""

from django.db import migrations

NEW = {
    "sign_half": {"trigger": "sign_share", "amount": 50},
    "half": {"trigger": "share", "amount": 50, "hush": "office"},
    "near": {"trigger": "left", "amount": 1, "hush": "office"},
}


def speak(apps, schema_editor):
    rules = apps.get_model("complaints", "ReminderRule").objects
    rules.filter(trigger="overdue").update(hush="office")
    rules.filter(trigger="overdue", amount=0).update(drafts_slip=True)
    for trigger, values in NEW.items():
        rules.filter(trigger=trigger).update(**values)


class Migration(migrations.Migration):
    dependencies = [("complaints", "0013_oversight_as_data")]

    operations = [migrations.RunPython(speak, migrations.RunPython.noop)]
