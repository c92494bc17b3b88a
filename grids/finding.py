"""Finding places by their names: a street's compounds, communities and doors, held in memory."""

from collections.abc import Iterable
from dataclasses import dataclass
from enum import StrEnum

from governance.choices import Level
from governance.models import Organisation
from governance.models.reach import SEGMENT, beneath, chain
from grids.addresses import Door, NameIndex, door_after, door_at, name_key, plain, room_key
from grids.models import Building, Coverage, Dwelling, ResidentialCompound

# A door may stand a few words behind the compound's name.
DOOR_WITHIN = 12
COMMUNITY_ENDINGS = ("社区大党委", "社区党委", "社区党总支", "社区居委会", "社区居民委员会", "社区")
VILLAGE_ENDINGS = ("村民委员会", "村委会", "村居委会", "村")
SPOKEN_ENDINGS = ("社区", "居委会", "村", "村委会")
# 植物园路, 火炬大厦: the name of something else that begins like a community.
SOMETHING_ELSE = frozenset("路街道巷桥大广商超医学校幼小中公站")


class How(StrEnum):
    """By what a place was found."""

    UNKNOWN = ""
    ROOM = "room"
    ADDRESS = "address"
    POINT = "point"
    COMMUNITY = "community"


class Certainty(StrEnum):
    """How far a found place may be trusted: a door, a name, a guess."""

    SURE = "sure"
    LIKELY = "likely"
    UNSURE = "unsure"


@dataclass(frozen=True, slots=True)
class Place:
    """Where something is: the covering organisation, if any, and how it was found."""

    organisation: Organisation | None = None
    compound: ResidentialCompound | None = None
    building: Building | None = None
    dwelling: Dwelling | None = None
    how: How = How.UNKNOWN
    certainty: Certainty = Certainty.UNSURE
    candidates: tuple[Organisation, ...] = ()


@dataclass(frozen=True, slots=True)
class Meaning:
    """What a name in a text may stand for; a bare name lacks its 小区 or 社区."""

    compound: ResidentialCompound | None = None
    community: Organisation | None = None
    is_bare: bool = False


@dataclass(frozen=True, slots=True)
class Hit:
    """A compound that a text names, and the door it names with it."""

    compound: ResidentialCompound
    door: Door | None
    is_known_door: bool


def shared_path(paths: Iterable[str]) -> str:
    """The lowest path at or above all of `paths`; "" when there is none."""
    ways = [chain(path) for path in paths]
    shared = [step[0] for step in zip(*ways, strict=False) if len(set(step)) == 1]
    return shared[-1] if shared else ""


class Ground:
    """The buildings of one compound and who covers each of their units."""

    def __init__(self, community_path: str) -> None:
        self.community_path = community_path
        self.buildings: dict[str, Building] = {}
        self.covers: dict[int, dict[str, str]] = {}

    def path_of(self, building: Building, unit: str) -> str:
        """The path that covers a door; without a unit, what all units have in common."""
        units = self.covers.get(building.pk, {})
        if unit and (found := units.get(unit) or units.get("")):
            return found
        return self.shared(units.values())

    def path_of_all(self) -> str:
        """What covers the whole compound."""
        every = [path for units in self.covers.values() for path in units.values()]
        if len(self.covers) < len(self.buildings):
            return self.community_path
        return self.shared(every)

    def shared(self, paths: Iterable[str]) -> str:
        """The lowest path at or above all of `paths`, at highest the community."""
        return max(shared_path(paths), self.community_path, key=len)


class Gazetteer:
    """The names of a street's communities, compounds and buildings; `whole` loads all at once."""

    def __init__(self, subdistrict: Organisation, *, whole: bool = False) -> None:
        self.is_whole = whole
        communities = Organisation.objects.current().filter(
            beneath("path", [subdistrict.path]), level=Level.GRAND_COMMITTEE
        )
        self.organisations = {community.path: community for community in communities}
        self.compounds = list(
            ResidentialCompound.objects.filter(
                beneath("community__path", [subdistrict.path]), ended_on__isnull=True
            ).select_related("community")
        )
        self.grounds: dict[int, Ground] = {}
        self.index = NameIndex([*self._compound_names(), *self._community_names()])
        if whole:
            self._load(self.compounds)
            covering = Organisation.objects.filter(
                beneath("path", [subdistrict.path]), level__lte=Level.BUILDING_GROUP
            )
            self.organisations |= {one.path: one for one in covering}

    def _compound_names(self) -> Iterable[tuple[str, Meaning]]:
        for compound in self.compounds:
            key = name_key(compound.name)
            yield key, Meaning(compound)
            if key.endswith("小区"):
                yield key.removesuffix("小区"), Meaning(compound, is_bare=True)
            else:
                yield key + "小区", Meaning(compound)

    def _community_names(self) -> Iterable[tuple[str, Meaning]]:
        for community in list(self.organisations.values()):
            for name in {name_key(community.name), name_key(community.short_name)} - {""}:
                bare = next(
                    (name.removesuffix(ending) for ending in COMMUNITY_ENDINGS + VILLAGE_ENDINGS
                     if name.endswith(ending)),
                    name,
                )  # fmt: skip
                for ending in SPOKEN_ENDINGS:
                    yield bare + ending, Meaning(community=community)
                yield name, Meaning(community=community, is_bare=name == bare)
                yield bare, Meaning(community=community, is_bare=True)

    def find(self, text: str) -> Place:
        """What a text written by hand says about the place of a matter."""
        text = plain(text)
        named = list(self.index.found_in(text))
        communities = {
            meaning.community.path: meaning.community
            for _start, _end, meanings in named
            for meaning in meanings
            if meaning.community and not meaning.is_bare
        }
        hits = self._hits(text, named, communities)
        if hits:
            return self._place_of(hits)
        if not communities:
            return self._by_bare_name(text, named)
        return self._by_community(communities, text, named)

    def _hits(
        self,
        text: str,
        named: list[tuple[int, int, set[Meaning]]],
        communities: dict[str, Organisation],
    ) -> list[Hit]:
        """The compounds a text names: those with a known door if any has one, else all."""
        hits = []
        for number, (_start, end, meanings) in enumerate(named):
            following = named[number + 1][0] if number + 1 < len(named) else len(text)
            exact = door_at(text, end)
            door = exact or door_after(text, end, min(end + DOOR_WITHIN, following))
            found = [
                meaning.compound
                for meaning in meanings
                if meaning.compound and (exact or not meaning.is_bare)
            ]
            at_home = [one for one in found if one.community.path in communities]
            for compound in at_home or found:
                known = door is not None and door.building in self.ground(compound).buildings
                hits.append(Hit(compound, door, known))
        best = [hit for hit in hits if hit.is_known_door] or [hit for hit in hits if hit.door]
        return best or hits

    def _place_of(self, hits: list[Hit]) -> Place:
        compounds = {hit.compound.pk: hit.compound for hit in hits}
        if len(compounds) == 1:
            return self._at(hits[0].compound, hits[0].door)
        paths = {self._path(hit) for hit in hits}
        shared = shared_path(paths)
        return Place(
            organisation=self.organisation(shared) if len(shared) > SEGMENT else None,
            how=How.ADDRESS,
            candidates=tuple(self.organisation(path) for path in sorted(paths)),
        )

    def _path(self, hit: Hit) -> str:
        ground = self.ground(hit.compound)
        if hit.door and hit.is_known_door:
            return ground.path_of(ground.buildings[hit.door.building], hit.door.unit)
        return ground.path_of_all()

    def _at(self, compound: ResidentialCompound, door: Door | None) -> Place:
        ground = self.ground(compound)
        building = ground.buildings.get(door.building) if door else None
        if door is None or building is None:
            path = ground.path_of_all()
            return Place(
                self.organisation(path), compound, how=How.ADDRESS, certainty=Certainty.LIKELY
            )
        dwelling = None if self.is_whole else self._dwelling(compound, building, door)
        unit = dwelling.unit_no if dwelling else door.unit
        return Place(
            self.organisation(ground.path_of(building, unit)),
            compound,
            building,
            dwelling,
            How.ROOM if dwelling else How.ADDRESS,
            Certainty.SURE,
        )

    def _dwelling(
        self, compound: ResidentialCompound, building: Building, door: Door
    ) -> Dwelling | None:
        if not door.room:
            return None
        key = room_key(compound.pk, building.number, door.unit, door.room)
        exact = Dwelling.objects.filter(room_key=key).first()
        if exact is not None or door.unit:
            return exact
        # "3号楼501" in a building of several entrances: sure only when there is one such room.
        alike = list(Dwelling.objects.filter(building=building, room_no=door.room)[:2])
        return alike[0] if len(alike) == 1 else None

    def _by_community(
        self,
        communities: dict[str, Organisation],
        text: str,
        named: list[tuple[int, int, set[Meaning]]],
    ) -> Place:
        if len(communities) > 1:
            return Place(how=How.COMMUNITY, candidates=tuple(communities.values()))
        community = next(iter(communities.values()))
        for _start, end, meanings in named:
            door = door_at(text, end)
            if door and any(meaning.community == community for meaning in meanings):
                own = [one for one in self.compounds if one.community_id == community.pk]
                self._load(own)
                having = [one for one in own if door.building in self.ground(one).buildings]
                if len(having) == 1:
                    return self._at(having[0], door)
        return Place(community, how=How.COMMUNITY, certainty=Certainty.LIKELY)

    def _by_bare_name(self, text: str, named: list[tuple[int, int, set[Meaning]]]) -> Place:
        found = {
            meaning.community.path: meaning.community
            for _start, end, meanings in named
            for meaning in meanings
            if meaning.community and text[end : end + 1] not in SOMETHING_ELSE
        }
        if len(found) == 1:
            return Place(next(iter(found.values())), how=How.COMMUNITY)
        return Place(candidates=tuple(found.values()))

    def ground(self, compound: ResidentialCompound) -> Ground:
        """The buildings of a compound, loaded when first asked for."""
        if compound.pk not in self.grounds:
            self._load([compound])
        return self.grounds[compound.pk]

    def _load(self, compounds: list[ResidentialCompound]) -> None:
        missing = {one.pk: one for one in compounds if one.pk not in self.grounds}
        for pk, compound in missing.items():
            self.grounds[pk] = Ground(compound.community.path)
        if not missing:
            return
        for building in Building.objects.filter(compound__in=missing, ended_on__isnull=True):
            self.grounds[building.compound_id].buildings[building.number] = building
        rows = Coverage.objects.current().filter(building__compound__in=missing)
        for pk, building_id, unit, path in rows.values_list(
            "building__compound_id", "building_id", "unit_no", "organisation__path"
        ):
            self.grounds[pk].covers.setdefault(building_id, {})[unit] = path

    def organisation(self, path: str) -> Organisation:
        """The organisation at a path."""
        if path not in self.organisations:
            self.organisations[path] = Organisation.objects.get(path=path)
        return self.organisations[path]
