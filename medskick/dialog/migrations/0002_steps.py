from django.db import migrations


class Migration(migrations.Migration):
    dependencies = [("dialog", "0001_the_dialog")]

    operations = [
        migrations.RemoveConstraint(model_name="answer", name="one_answer_a_phone"),
        migrations.RemoveIndex(model_name="answer", name="answer_in_order"),
        migrations.RenameModel("Question", "Step"),
        migrations.RenameModel("QuestionOpening", "StepOpening"),
        migrations.RenameField("Answer", "question", "step"),
        migrations.RenameField("StepOpening", "question", "step"),
    ]
