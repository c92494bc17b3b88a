"""People at the desk: who serves, their account, and their number for a written reason."""

from typing import Any

from django import forms
from django.contrib import admin
from django.http import HttpRequest
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from governance.admin.base import DeedForm, ScopedAdmin
from governance.choices import SecretKind, Word
from governance.identity import name_index
from governance.models import Appointment, Person
from governance.selectors import staff
from governance.services import appointments, people


class AccountForm(DeedForm):
    """开通账号: a name to sign in with, and a first password that must be changed."""

    label = gettext_lazy("开通账号")
    success = gettext_lazy("账号已开通，首次登录须修改密码。")
    username = forms.CharField(
        label=gettext_lazy("账号"), max_length=40,
        help_text=gettext_lazy("字母、数字，在本系统内不重复。"),
    )  # fmt: skip
    password = forms.CharField(
        label=gettext_lazy("初始密码"), widget=forms.PasswordInput(render_value=True),
        help_text=gettext_lazy("至少 12 位，大小写字母、数字、符号中的三类。"),
    )  # fmt: skip

    @classmethod
    def is_open_for(cls, subject: Person) -> bool:
        return getattr(subject, "user", None) is None

    def act(self) -> str:
        people.open_account(self.subject, by=self.by, **self.cleaned_data)
        return ""


class PasswordForm(DeedForm):
    """重设密码, for somebody who lost it."""

    label = gettext_lazy("重设密码")
    warning = gettext_lazy("原密码和已有登录立即失效；请当面告知新密码，下次登录须修改。")
    success = gettext_lazy("密码已重设。")
    password = forms.CharField(
        label=gettext_lazy("新密码"),
        widget=forms.PasswordInput(render_value=True),
        help_text=gettext_lazy("至少 12 位，大小写字母、数字、符号中的三类。"),
    )

    @classmethod
    def is_open_for(cls, subject: Person) -> bool:
        user = getattr(subject, "user", None)
        return user is not None and user.is_active

    def act(self) -> str:
        people.reset_password(self.subject.user, self.cleaned_data["password"], by=self.by)
        return ""


class PhoneForm(DeedForm):
    """更换电话."""

    label = gettext_lazy("更换电话")
    success = gettext_lazy("电话已更换。")
    phone = forms.CharField(label=gettext_lazy("新电话"), max_length=20)

    def act(self) -> str:
        people.set_phone(self.subject, self.cleaned_data["phone"], by=self.by)
        return ""


class EmailForm(DeedForm):
    """登记邮箱, for reminders by mail."""

    label = gettext_lazy("登记邮箱")
    success = gettext_lazy("邮箱已更新。")
    address = forms.EmailField(
        label=gettext_lazy("邮箱"), max_length=80, required=False,
        help_text=gettext_lazy("加密保存，只用于发送提醒；留空则删除。"),
    )  # fmt: skip

    def act(self) -> str:
        people.set_email(self.subject, self.cleaned_data["address"], by=self.by)
        return ""


class RevealForm(DeedForm):
    """查看电话, for a written reason."""

    label = gettext_lazy("查看电话")
    words = (Word.SEE,)
    warning = gettext_lazy("查看会记入审计；每天有次数上限。")
    note = forms.CharField(label=gettext_lazy("查看原因"), max_length=200)

    def act(self) -> str:
        note = self.cleaned_data["note"]
        return people.reveal(self.subject, SecretKind.PHONE, by=self.by, note=note)


class LeaveForm(DeedForm):
    """离职: appointments, account and sessions end in one breath."""

    label = gettext_lazy("办理离职")
    warning = gettext_lazy("此人的全部任职、账号和登录立即终止；手上的诉求会出现在“无人可办”中。")
    success = gettext_lazy("已办理离职。")
    sure = forms.BooleanField(label=gettext_lazy("确认此人离职"))

    def act(self) -> str:
        appointments.leave(self.subject, by=self.by)
        return ""


@admin.register(Person)
class PersonAdmin(ScopedAdmin):
    """Those who serve in the reader's reach; residents have their own search."""

    view_words = (Word.MANAGE, Word.SECURE)
    change_words = (Word.MANAGE,)
    may_add = False
    list_display = ("name", "posts", "account", "phone", "is_party_member")
    list_filter = ("is_party_member",)
    search_fields = ("name", "name_initials", "user__username")
    list_select_related = ("user", "home_organisation")
    ordering = ("name_initials", "pk")
    fields = ("name", "gender", "birth_on", "is_party_member", "posts", "account", "phone",
              "mailbox")  # fmt: skip
    readonly_fields = ("posts", "account", "phone", "mailbox")
    deeds = {
        "account": AccountForm,
        "password": PasswordForm,
        "phone": PhoneForm,
        "email": EmailForm,
        "reveal": RevealForm,
        "leave": LeaveForm,
    }

    def rows_for(self, user: Any, words: Any) -> Any:
        """Staff, not residents: who administers accounts needs no list of who lives here."""
        return staff(user, words)

    def get_queryset(self, request: HttpRequest) -> Any:
        return super().get_queryset(request).prefetch_related(
            "secrets", "appointments__role", "appointments__organisation"
        )  # fmt: skip

    def paths_of(self, row: Person) -> list[str]:
        """Where the person serves today; who left belongs to where the last posts were."""
        posts = list(row.appointments.all())
        current = [post for post in posts if is_current(post)]
        return [post.organisation.path for post in current or posts]

    def save_model(self, request: HttpRequest, obj: Person, form: Any, change: bool) -> None:
        """The sound of a changed name follows the name."""
        sound, initials = name_index(obj.name)
        obj.name_pinyin, obj.name_initials = sound[:120], initials[:30]
        super().save_model(request, obj, form, change)

    @admin.display(description=gettext_lazy("任职"))
    def posts(self, row: Person) -> str:
        """The current posts in words."""
        current = [post for post in row.appointments.all() if is_current(post)]
        return "、".join(f"{post.organisation.display_name} {post.role}" for post in current) or _(
            "无"
        )

    @admin.display(description=gettext_lazy("账号"))
    def account(self, row: Person) -> str:
        """The name of the account, and whether it is open."""
        user = getattr(row, "user", None)
        if user is None:
            return _("未开通")
        return user.username if user.is_active else f"{user.username}（{_('已停用')}）"

    @admin.display(description=gettext_lazy("电话"))
    def phone(self, row: Person) -> str:
        """The masked number."""
        return masked(row, SecretKind.PHONE)

    @admin.display(description=gettext_lazy("邮箱"))
    def mailbox(self, row: Person) -> str:
        """The masked mailbox."""
        return masked(row, SecretKind.EMAIL)


def masked(person: Person, kind: SecretKind) -> str:
    """The mask of a number or mailbox that was read with the person."""
    current = (one for one in person.secrets.all() if one.is_current and one.kind == kind)
    return next((one.masked for one in current), "")


def is_current(post: Appointment) -> bool:
    """Whether the post counts today."""
    today = timezone.localdate()
    return post.started_on <= today and (post.ended_on is None or post.ended_on > today)
