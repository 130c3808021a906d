from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("dialog", "0004_question_replies"),
    ]

    operations = [
        migrations.AddField(
            model_name="sessiontransition",
            name="continues_on",
            field=models.DateField(blank=True, help_text="Dagen då ett pausat möte fortsätter", null=True),
        ),
    ]
