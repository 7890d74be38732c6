"""The choices by which a reader narrows the money down; only what the reader may see is one."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from unbroken.kit.languages import Translator
from unbroken.kit.languages import gettext as _
from unbroken.web.money_scenes import Scene
from unbroken.web.money_themes import THEMES
from unbroken.web.money_wishes import Typed

TIERS = ("1", "2", "3", "4")
TIER = _("Tier {number}")


@dataclass(frozen=True, slots=True)
class Choice:
    """One field with its options: value and words, both ready to be shown."""

    name: str
    label: str
    every: str
    options: tuple[tuple[str, str], ...]
    chosen: str

    @property
    def told(self) -> str:
        """Return the words of what is chosen, or the value itself where it is no option."""
        return dict(self.options).get(self.chosen, self.chosen)


def choices(scene: Scene, said: Typed, *, reader: Translator) -> tuple[Choice, ...]:
    """Return the fields in the order of the form; a value typed that is no option stays one."""
    say, plans = reader.gettext, scene.plans.values()
    missions = {plan.mission: plan.acronym for plan in plans}
    countries = {plan.country_iso3: scene.country(plan.country_iso3) for plan in plans}
    functions = {
        code: scene.texts.plain(title) if title else code
        for code, title in scene.functions().items()
    }
    tiers = {each: reader.render(TIER, {"number": each}) for each in TIERS}
    themes = {letter: say(text) for letter, text in THEMES.items()}
    places = scene.places
    return (
        _choice("country", say(_("Country")), say(_("All countries")), said.country, countries),
        _choice("mission", say(_("Mission")), say(_("All missions")), said.mission, missions),
        _choice("function", say(_("Function")), say(_("All functions")), said.function, functions),
        _choice("theme", say(_("Theme")), say(_("All themes")), said.theme, themes, sort=False),
        _choice("tier", say(_("Tier")), say(_("All tiers")), said.tier, tiers, sort=False),
        _choice("receiver", say(_("Receiver")), say(_("Any")), said.receiver, places.receivers),
        _choice("area", say(_("Area")), say(_("All areas")), said.area, places.areas),
    )


def _choice(
    name: str, label: str, every: str, chosen: str, options: Mapping[str, str], *, sort: bool = True
) -> Choice:
    known: Iterable[tuple[str, str]] = options.items()
    if sort:
        known = sorted(known, key=lambda option: option[1].casefold())
    extra = ((chosen, chosen),) if chosen and chosen not in options else ()
    return Choice(name, label, every, (*known, *extra), chosen)
