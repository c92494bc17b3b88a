"""Homes: households, and who lives or owns where, from when to when."""

from collections.abc import Iterable
from typing import Self

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from governance.models import Organisation, Person, ScopedQuerySet
from grids.models import Dwelling
from residents.choices import Relation, ResidenceType


class HouseholdQuerySet(ScopedQuerySet):
    """Households, scoped as their dwellings are."""

    scope_paths = ("dwelling__building__compound__community__path",)

    def within(self, paths: Iterable[str]) -> Self:
        """Households in the dwellings within `paths`."""
        return self.filter(dwelling__in=Dwelling.objects.all().within(paths))


class Household(models.Model):
    """A living group (户) in a dwelling; a party household is linked to its level-5 node."""

    dwelling = models.ForeignKey(Dwelling, models.PROTECT, related_name="households")
    party_household = models.OneToOneField(
        Organisation, models.PROTECT, null=True, blank=True, related_name="household"
    )
    started_on = models.DateField()
    ended_on = models.DateField(null=True, blank=True)

    objects = HouseholdQuerySet.as_manager()

    class Meta:
        verbose_name = _("户")
        verbose_name_plural = _("户")
        default_permissions = ()


class PersonHouseQuerySet(ScopedQuerySet):
    """Person-house relations, scoped by the person's place in reach."""

    scope_paths = ("person__home_organisation__path",)

    def current(self) -> "PersonHouseQuerySet":
        """Those that hold today."""
        return self.filter(ended_on__isnull=True)


class PersonHouse(models.Model):
    """A dated tie between a person and a dwelling (人房关系)."""

    person = models.ForeignKey(Person, models.PROTECT, related_name="homes")
    dwelling = models.ForeignKey(Dwelling, models.PROTECT, related_name="people")
    household = models.ForeignKey(
        Household, models.PROTECT, null=True, blank=True, related_name="people"
    )
    relation = models.CharField(_("人房关系"), max_length=16, choices=Relation)
    relation_to_head = models.CharField(_("与户主关系"), max_length=12, blank=True)
    residence_type = models.CharField(
        _("居住类型"), max_length=12, choices=ResidenceType, default=ResidenceType.REGISTERED
    )
    is_head = models.BooleanField(_("户主"), default=False)
    is_living = models.BooleanField(_("现住"), default=True)
    started_on = models.DateField(_("起"))
    ended_on = models.DateField(_("止"), null=True, blank=True)

    objects = PersonHouseQuerySet.as_manager()

    class Meta:
        verbose_name = _("人房关系")
        verbose_name_plural = _("人房关系")
        default_permissions = ()
        constraints = [
            models.UniqueConstraint(
                fields=["household"],
                condition=Q(is_head=True, ended_on__isnull=True),
                name="household_one_current_head",
            ),
            models.UniqueConstraint(
                fields=["person"],
                condition=Q(is_living=True, ended_on__isnull=True),
                name="person_lives_in_one_place",
            ),
            models.CheckConstraint(
                name="person_house_ends_after_it_starts",
                condition=Q(ended_on__isnull=True) | Q(ended_on__gte=F("started_on")),
            ),
        ]
