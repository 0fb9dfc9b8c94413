"""What the casework queue stands on: the words a case is found by, and the views that people keep of the queue."""

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.db.models.functions import Lower

from applications.models.application import Application
from grants.models import User


class CaseText(models.Model):
    """The words a case is found by, folded: applicant, organisation number, case number and project.

    Written by applications/services/case_text.py; indexed by the adapters in applications/search/.
    """

    application = models.OneToOneField(Application, on_delete=models.PROTECT, related_name="words")
    text = models.TextField()


class SavedViewQuerySet(models.QuerySet["SavedView"]):
    def visible_to(self, user: User) -> "SavedViewQuerySet":
        """One's own, and those that are shared; one's own first, each group by name."""
        is_mine = Q(owner=user)
        return self.filter(is_mine | Q(is_shared=True)).order_by(
            models.Case(models.When(is_mine, then=0), default=1), Lower("name"), "pk"
        )

    def opened_first_by(self, user: User) -> "SavedViewQuerySet":
        """The one that this person's queue opens with."""
        return self.filter(opened_first__user=user)

    def owned_by(self, user: User) -> "SavedViewQuerySet":
        return self.filter(owner=user)


class SavedView(models.Model):
    """A choice of filters and order in the queue, kept under a name by one person, and perhaps shared with all."""

    name = models.CharField(max_length=60)
    query = models.CharField(max_length=500, help_text="The choices as they stand in the address of the queue.")
    owner = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="saved_views")
    is_shared = models.BooleanField(default=False)

    objects = SavedViewQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint("owner", Lower("name"), name="saved_view_has_its_own_name"),
            models.CheckConstraint(condition=~Q(name=""), name="saved_view_has_a_name"),
        ]

    def __str__(self) -> str:
        return self.name


class FirstView(models.Model):
    """The view that a person's queue opens with."""

    user = models.OneToOneField(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="first_view")
    view = models.ForeignKey(SavedView, on_delete=models.CASCADE, related_name="opened_first")
