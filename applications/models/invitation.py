"""Invitations: the recipients that the budget or an assignment names, and what for. Only grows."""

from django.conf import settings
from django.db import models
from django.db.models import Q

from applications.models.application import Application
from applications.models.call import Call
from grants.models import Organisation


class Invitation(models.Model):
    """An organisation that is named for a call by invitation. Its draft stands ready from the same moment."""

    call = models.ForeignKey(Call, on_delete=models.PROTECT, related_name="invitations")
    organisation = models.ForeignKey(Organisation, on_delete=models.PROTECT, related_name="invitations")
    application = models.OneToOneField(Application, on_delete=models.PROTECT, related_name="invitation")
    amount_ore = models.BigIntegerField(null=True, help_text="What the budget names, where it names an amount.")
    ground = models.CharField(max_length=250, help_text="Where the recipient is named, for example Prop. 1 S.")
    invited_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    invited_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["call", "organisation"], name="invitation_is_one_per_call_and_organisation"
            ),
            models.CheckConstraint(
                condition=Q(amount_ore=None) | Q(amount_ore__gt=0), name="invitation_names_an_amount_above_zero"
            ),
            models.CheckConstraint(condition=~Q(ground=""), name="invitation_says_where_it_is_named"),
        ]
