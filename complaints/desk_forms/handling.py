"""Handling: signed, contacted, logged, answered by a department or a community."""

from typing import Any

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from complaints.choices import ContactChannel, PhotoGroup, ResultKind
from complaints.desk_forms.base import CaseForm, note_deed, text_area
from complaints.ready_words import templates_for
from complaints.services import handling, photos


class SignForm(CaseForm):
    """Confirm receipt."""

    verb, label, icon, tone = "sign", gettext_lazy("签收"), "check-lg", "primary"

    def act(self) -> str:
        handling.sign(self.case.pk, **self.common)
        return _("已签收，请先联系诉求人。")


LogForm = note_deed(
    "log", gettext_lazy("办理记录"), handling.log, gettext_lazy("已记录。"), icon="journal-text"
)


class ContactForm(CaseForm):
    """先行联系: that the caller was called or visited."""

    verb, label, icon = "contact", gettext_lazy("联系诉求人"), "telephone"
    channel = forms.ChoiceField(label=gettext_lazy("方式"), choices=ContactChannel)
    is_reached = forms.TypedChoiceField(
        label=gettext_lazy("结果"), coerce=lambda value: value == "yes", widget=forms.RadioSelect,
        choices=[("yes", gettext_lazy("已联系上")), ("no", gettext_lazy("未联系上"))],
    )  # fmt: skip
    note = forms.CharField(
        label=gettext_lazy("情况"), max_length=300, widget=text_area(), required=False
    )

    def act(self) -> str:
        handling.contact(self.case.pk, **self.common, **self.given)
        return _("已记录联系情况。")


class SeveralFiles(forms.ClearableFileInput):
    """An input that takes several files."""

    allow_multiple_selected = True


class PhotosField(forms.FileField):
    """Several photos, or none."""

    widget = SeveralFiles(attrs={"accept": "image/*", "multiple": True})

    def clean(self, data: Any, initial: Any = None) -> list[Any]:
        files = data if isinstance(data, list | tuple) else [data] if data else []
        return [super(PhotosField, self).clean(one, initial) for one in files]


# The three groups of the provincial form (`domain.md` 1.4).
GROUPS = {
    "pictures": PhotoGroup.HANDLING,
    "evidence": PhotoGroup.CONTACT,
    "certificates": PhotoGroup.CERTIFICATE,
}


class ReplyForm(CaseForm):
    """The answer: what the citizen reads, and what stays in the office."""

    verb, label, icon, tone = "reply", gettext_lazy("答复"), "chat-left-text", "primary"
    result_kind = forms.ChoiceField(
        label=gettext_lazy("办理结果"), choices=ResultKind, widget=forms.RadioSelect
    )
    is_true = forms.TypedChoiceField(
        label=gettext_lazy("诉求是否属实"), coerce=lambda value: value == "yes",
        choices=[("yes", gettext_lazy("属实")), ("no", gettext_lazy("不属实"))],
        initial="yes", widget=forms.RadioSelect,
    )  # fmt: skip
    public_text = forms.CharField(
        label=gettext_lazy("公开答复"), widget=text_area(5), max_length=2000,
        help_text=gettext_lazy("诉求人会看到，请写明办了什么、结果如何。"),
    )  # fmt: skip
    internal_text = forms.CharField(
        label=gettext_lazy("办理情况（内部）"), widget=text_area(), max_length=2000, required=False
    )
    unsolved_reason = forms.CharField(
        label=gettext_lazy("未解决的部分和原因"), max_length=200, required=False
    )
    no_contact_reason = forms.CharField(
        label=gettext_lazy("无法联系诉求人的原因"), max_length=300, required=False
    )
    without_assists = forms.CharField(
        label=gettext_lazy("不等协办答复的理由"), max_length=300, required=False,
        help_text=gettext_lazy("还有协办单位没有答复；不等时须写明理由。"),
    )  # fmt: skip
    pictures = PhotosField(label=gettext_lazy("办理附件"), required=False)
    evidence = PhotosField(
        label=gettext_lazy("联系证据"), required=False,
        help_text=gettext_lazy("通话记录、上门照片等，只供内部核对，诉求人和外单位看不到。"),
    )  # fmt: skip
    certificates = PhotosField(
        label=gettext_lazy("证件附件"), required=False,
        help_text=gettext_lazy("证件、证明等，只供内部核对，诉求人和外单位看不到。"),
    )  # fmt: skip
    shows_photos = forms.BooleanField(
        label=gettext_lazy("给诉求人看办理照片"), required=False,
        help_text=gettext_lazy("先确认照片里没有人脸、车牌和别人家里。审核通过后诉求人才看得到。"),
    )  # fmt: skip

    def prepare(self) -> None:
        self.ready = templates_for(self.case)
        if not self.case.assist_count:
            del self.fields["without_assists"]

    def act(self) -> str:
        given = self.given
        for name, group in GROUPS.items():
            if pictures := given.pop(name):
                photos.add_photos(self.case.pk, pictures, by=self.by, group=group)
        handling.reply(self.case.pk, **self.common, **given)
        return _("答复已提交，等待审核。")
