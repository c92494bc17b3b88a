"""People: one row for each human being, sealed numbers, and the account of who signs in."""

from typing import Any

from django.contrib.auth.models import AbstractBaseUser, BaseUserManager, PermissionsMixin
from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from governance.choices import Gender, SecretKind
from governance.models.organisations import Organisation
from governance.models.reach import ScopedQuerySet
from governance.models.rows import PlainRow


class PersonQuerySet(ScopedQuerySet):
    """People, scoped by the organisation that covers their home."""

    scope_paths = ("home_organisation__path",)


class Person(PlainRow):
    """One human being: resident, member, grid worker or official, never twice."""

    name = models.CharField(_("姓名"), max_length=50)
    name_pinyin = models.CharField(_("拼音"), max_length=120, blank=True, editable=False)
    name_initials = models.CharField(_("拼音首字母"), max_length=30, blank=True, editable=False)
    gender = models.CharField(_("性别"), max_length=8, choices=Gender, default=Gender.UNKNOWN)
    birth_on = models.DateField(_("出生日期"), null=True, blank=True)
    is_party_member = models.BooleanField(_("党员"), default=False)
    home_organisation = models.ForeignKey(
        Organisation,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="residents",
        verbose_name=_("居住地所属组织"),
    )
    created_at = models.DateTimeField(default=timezone.now, editable=False)

    objects = PersonQuerySet.as_manager()

    class Meta:
        verbose_name = _("人员")
        verbose_name_plural = _("人员")
        default_permissions = ()
        indexes = [
            models.Index(fields=["name"], name="person_by_name"),
            models.Index(fields=["name_initials"], name="person_by_initials"),
        ]

    def __str__(self) -> str:
        return self.name


class PersonSecret(models.Model):
    """A number of a person that is stored sealed; only its mask and a phone's tail are open."""

    person = models.ForeignKey(Person, models.CASCADE, related_name="secrets")
    kind = models.CharField(max_length=12, choices=SecretKind)
    sealed = models.CharField(max_length=200)
    digest = models.CharField(max_length=64, db_index=True)
    masked = models.CharField(max_length=24)
    tail = models.CharField(max_length=4, blank=True)
    is_current = models.BooleanField(default=True)

    class Meta:
        default_permissions = ()
        constraints = [
            models.UniqueConstraint(
                fields=["digest"],
                condition=models.Q(kind="id_number", is_current=True),
                name="person_secret_one_person_per_id_number",
            )
        ]
        indexes = [
            models.Index(
                fields=["tail"], condition=models.Q(kind="phone"), name="person_secret_phone_tail"
            )
        ]


class UserManager(BaseUserManager["User"]):
    """Accounts are made by `services.people.open_account`; this serves Django's own commands.

    Every page shows the name of whoever is signed in, so the person comes with the account.
    """

    def get_queryset(self) -> models.QuerySet["User"]:
        return super().get_queryset().select_related("person")

    def get_by_natural_key(self, username: str | None) -> "User":
        return self.get(username=username)


class User(PlainRow, AbstractBaseUser, PermissionsMixin):
    """The account of one person who signs in; rights come from appointments, never from here."""

    username = models.CharField(_("账号"), max_length=40, unique=True)
    person = models.OneToOneField(
        Person, models.PROTECT, related_name="user", verbose_name=_("人员")
    )
    email = models.EmailField(_("邮箱"), blank=True)
    is_active = models.BooleanField(_("启用"), default=True)
    must_change_password = models.BooleanField(_("下次登录须改密码"), default=False)
    password_changed_at = models.DateTimeField(_("密码修改时间"), null=True, blank=True)
    uses_large_type = models.BooleanField(_("大字模式"), default=False)
    language = models.CharField(_("语言"), max_length=10, blank=True)
    # None: as the office has set it for the posts one holds.
    wants_digest = models.BooleanField(_("每日提要"), null=True, blank=True)
    joined_at = models.DateTimeField(_("开通时间"), default=timezone.now)

    objects = UserManager()

    USERNAME_FIELD = "username"
    EMAIL_FIELD = "email"

    class Meta:
        verbose_name = _("账号")
        verbose_name_plural = _("账号")
        default_permissions = ()

    def __str__(self) -> str:
        return self.username

    def set_password(self, raw_password: str | None) -> None:
        """Remember when the password was set; rotation rules look at it."""
        super().set_password(raw_password)
        self.password_changed_at = timezone.now()

    @property
    def is_staff(self) -> bool:
        """Whether the desk may be opened at all; what it shows depends on appointments."""
        return self.is_active

    def get_full_name(self) -> str:
        return self.person.name

    def has_module_perms(self, app_label: Any) -> bool:
        """Django's model-wide rights are not used in this house."""
        return False
