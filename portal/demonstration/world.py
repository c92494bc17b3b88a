"""What the year of complaints needs to know of the street, read once and held in memory."""

from dataclasses import dataclass, field

from complaints.calendars import current_calendar
from complaints.models import Assignment, Category, Complaint, ReminderRule
from complaints.rules import Rules, rules_of
from complaints.services.reminding import audience
from governance.calendar import Calendar
from governance.choices import CommunityKind, Level
from governance.models import Appointment, Organisation, User
from governance.models.reach import chain
from grids.models import Building, Coverage

# Who takes a case in hand where several may.
HANDS_FIRST = (
    "grid_worker",
    "assistant_grid_leader",
    "department_user",
    "community_secretary",
    "grid_leader",
    "branch_secretary",
)
FALLBACK_DEPARTMENT = "城市管理办公室"


@dataclass(frozen=True)
class Spot:
    """A building and the organisations above its doors."""

    building: Building
    group: Organisation
    branch: Organisation
    community: Organisation


@dataclass
class World:
    """The street with its rules, its places and the people who act on cases."""

    street: Organisation
    rules: Rules
    calendar: Calendar
    categories: list[Category]
    spots: list[Spot]
    villages: list[Organisation]
    departments: dict[str, Organisation]
    by_path: dict[str, Organisation]
    # Who acts: accounts by the path of the organisation served, in the order of their posts.
    handlers: dict[str, list[User]] = field(default_factory=dict)
    clerks: list[User] = field(default_factory=list)
    leaders: list[User] = field(default_factory=list)
    secretaries: dict[str, User] = field(default_factory=dict)
    posts: dict[int, list[tuple[str, int]]] = field(default_factory=dict)
    audiences: dict[tuple[object, ...], tuple[int, ...]] = field(default_factory=dict)

    def above(self, path: str) -> Organisation:
        """The next level up where somebody handles; the street at the top (`nearest_handler`)."""
        for step in reversed(chain(path)[:-1]):
            if self.handlers.get(step):
                return self.by_path[step]
        return self.street

    def audience(
        self, rule: ReminderRule, case: Complaint, assignment: Assignment
    ) -> tuple[int, ...]:
        """Whom a rule tells of a case as it stands; asked once for each place and dispatcher."""
        by = assignment.dispatched_by_id
        where = (case.holder_path, case.main_unit_path, case.assignee_id, case.is_confidential)
        key = (rule.code, by, *where)
        if key not in self.audiences:
            self.audiences[key] = tuple(sorted(set(audience(case, rule, assignment))))
        return self.audiences[key]

    def post_of(self, user: User | None, path: str) -> int | None:
        """In which post somebody acts on a case held at `path` (as `steps.appointment_of`)."""
        if user is None:
            return None
        fitting = [
            (path.startswith(own), len(own), pk)
            for own, pk in self.posts.get(user.pk, ())
            if path.startswith(own) or own.startswith(path)
        ]
        return max(fitting)[-1] if fitting else None


def read_world(street: Organisation) -> World:
    """Read the street; a dozen statements."""
    organisations = Organisation.objects.within([street.path]).current()
    by_path = {one.path: one for one in organisations.exclude(level=Level.PARTY_HOUSEHOLD)}
    leaves = Category.objects.filter(subdistrict=None, is_leaf=True, is_enabled=True)
    world = World(
        street=street,
        rules=rules_of(street),
        calendar=current_calendar(street),
        categories=list(leaves.select_related("parent").order_by("code")),
        spots=read_spots(street, by_path),
        villages=[
            one for one in by_path.values() if one.community_kind == CommunityKind.CONVERTED_VILLAGE
        ],
        departments={one.name: one for one in by_path.values() if one.level is None},
        by_path=by_path,
    )
    read_actors(world)
    return world


def read_spots(street: Organisation, by_path: dict[str, Organisation]) -> list[Spot]:
    """Every covered building, in the order of its id."""
    rows = (
        Coverage.objects.current()
        .within([street.path])
        .select_related("building__compound")
        .order_by("building_id")
    )
    by_id = {one.pk: one for one in by_path.values()}
    spots = []
    for row in rows:
        group = by_id[row.organisation_id]
        way = chain(group.path)
        spots.append(Spot(row.building, group, by_path[way[2]], by_path[way[1]]))
    return spots


def read_actors(world: World) -> None:
    """The accounts that act, and in which posts."""
    posts = (
        Appointment.objects.on()
        .within([world.street.path])
        .filter(person__user__is_active=True)
        .select_related("role", "organisation", "person__user")
        .order_by("role__position", "id")
    )
    ranked: dict[str, list[tuple[int, User]]] = {}
    for post in posts:
        user, path = post.person.user, post.organisation.path
        if post.role.words:
            world.posts.setdefault(user.pk, []).append((path, post.pk))
        if post.role.code in HANDS_FIRST:
            ranked.setdefault(path, []).append((HANDS_FIRST.index(post.role.code), user))
        if post.role.code == "hotline_clerk":
            world.clerks.append(user)
        elif post.role.code == "subdistrict_leader":
            world.leaders.append(user)
        elif post.role.code == "community_secretary":
            world.secretaries[path] = user
    for path, users in ranked.items():
        world.handlers[path] = [user for _rank, user in sorted(users, key=lambda pair: pair[0])]
