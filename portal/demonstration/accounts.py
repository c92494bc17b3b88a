"""Who may look around in the demonstration: one account for each role, one password for all."""

import json
import os
from dataclasses import dataclass
from pathlib import Path

from django.conf import settings
from django.contrib.auth.hashers import make_password
from django.utils import timezone

from governance.models import Appointment, User
from portal.accounts import random_password

# In the order in which a visitor tries them: who does the work first, who guards the house last.
USERNAMES = (
    "clerk",
    "clerk-2",
    "callback",
    "secretary-1",
    "assistant-1",
    "worker-1-1",
    "worker-1-2",
    "worker-2-1",
    "leader",
    "committee-secretary",
    "linked-1",
    "squad-desk",
    "property-desk",
    "grid-leader",
    "branch",
    "group",
    "member",
    "secretary-2",
    "community-office",
    "party-office",
    "governance-office",
    "civil-affairs",
    "discipline",
    "auditor",
    "system",
    "security",
    "audit",
)


@dataclass(frozen=True)
class DemonstrationAccount:
    """One line of the list on the sign-in page."""

    username: str
    role: str
    name: str
    place: str
    door: str


def password_file() -> Path:
    """Where this installation keeps the password of its demonstration accounts."""
    return Path(settings.DATA_DIR) / "demonstration.json"


def demonstration_password() -> str:
    """The password of every demonstration account; "" outside demonstration mode."""
    try:
        text = password_file().read_text(encoding="utf-8") if settings.DEMONSTRATION else "{}"
    except FileNotFoundError:
        return ""
    return str(json.loads(text).get("password", ""))


def set_password() -> str:
    """Give all demonstration accounts one fresh random password and keep it in a file (0600).

    It is hashed once for all of them: twenty-seven separate hashes would take ten seconds, and
    whoever reads one of these passwords on the sign-in page reads them all.
    """
    password = random_password()
    User.objects.filter(username__in=USERNAMES).update(
        password=make_password(password), password_changed_at=timezone.now()
    )
    file = password_file()
    file.parent.mkdir(parents=True, exist_ok=True)
    handle = os.open(file, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
    with open(handle, "w", encoding="utf-8") as stream:
        json.dump({"password": password}, stream)
    file.chmod(0o600)
    return password


def demonstration_accounts() -> list[DemonstrationAccount]:
    """The accounts of the list, with what they are; empty outside demonstration mode."""
    if not settings.DEMONSTRATION:
        return []
    posts = (
        Appointment.objects.on()
        .filter(person__user__username__in=USERNAMES)
        .select_related("role", "organisation", "person__user")
        .order_by("role__position", "id")
    )
    found: dict[str, Appointment] = {}
    for post in posts:  # the most powerful first, which is also whose door opens
        found.setdefault(post.person.user.username, post)
    return [described(name, found[name]) for name in USERNAMES if name in found]


def described(username: str, post: Appointment) -> DemonstrationAccount:
    """Role, name, place and door of an account, as the sign-in page shows them."""
    return DemonstrationAccount(
        username=username,
        role=str(post.role.label),
        name=post.person.name,
        place=post.organisation.display_name,
        door=str(post.role.get_door_display()),
    )
