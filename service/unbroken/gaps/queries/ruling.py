"""Rules as people see them: what each means, how it is set, where from, who set it and why."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from uuid import UUID, uuid5

from sqlmodel import Session, col, select

from unbroken.gaps.models_settings import RuleSetting
from unbroken.gaps.queries.settings import newest_rows, setting_of
from unbroken.gaps.rules import RULES, Rule
from unbroken.gaps.rules.may_be_set import is_about_plans
from unbroken.gaps.rules.settings import FIXED, Origin, Setting
from unbroken.kit.db import row_id
from unbroken.kit.errors import NotFound
from unbroken.people.models import Account
from unbroken.people.rules import Sight
from unbroken.plans.queries.rows import Ref, place_of, plan_row


@dataclass(frozen=True, slots=True)
class SettingView:
    """A setting with who asked for it and who countersigned it, by the titles of their accounts.

    Both are empty for a file. ``waits`` says that for tiers 1 and 2 and whole plans it makes
    nothing milder yet, ``is_over`` that its last day is past. ``number`` rises with each act.
    """

    origin: Origin
    setting: Setting
    number: int
    asked_by: str
    asked_at: datetime
    granted_by: str
    waits: bool
    is_over: bool


@dataclass(frozen=True, slots=True)
class RuleView:
    """A rule and how it is set: in the plan that is looked at, and by the file of the instance.

    ``version`` is that of the plan's setting, 0 where it never had one. ``is_about_plans`` says
    that it never tells of a tier; ``is_fixed`` that no setting makes it milder.
    """

    uid: UUID
    rule: Rule
    version: int
    plan: SettingView | None
    file: SettingView | None
    is_about_plans: bool
    is_fixed: bool

    @property
    def held(self) -> SettingView | None:
        """Return the setting that goes before others and is not over; ``None``: as usual."""
        held = (each for each in (self.plan, self.file) if each is not None and not each.is_over)
        return next(held, None)

    @property
    def origin(self) -> Origin:
        """Return where the setting comes from that holds."""
        return Origin.USUAL if self.held is None else self.held.origin

    @property
    def setting(self) -> Setting:
        """Return the setting that goes before others, or one that says nothing."""
        return Setting() if self.held is None else self.held.setting

    @property
    def limits(self) -> Mapping[str, int]:
        """Return every number of the rule as it is set, or as is usual."""
        return {
            each.name: self.setting.limits.get(each.name, each.usual) for each in self.rule.limits
        }


def rules_of(session: Session, *, on: date) -> list[RuleView]:
    """Return every rule as the file of the instance sets it, by code."""
    return _views(session, None, on=on)


def rules_of_plan(session: Session, plan: Ref, *, sight: Sight, on: date) -> list[RuleView]:
    """Return every rule as it is set in a plan, by code.

    Raises:
        NotFound: there is no such plan in sight.
    """
    place_of(session, plan, sight=sight)
    row = plan_row(session, plan)
    return _views(session, (row_id(row), row.uid), on=on)


def rule_of_plan(session: Session, plan: Ref, code: str, *, sight: Sight, on: date) -> RuleView:
    """Return one rule as it is set in a plan.

    Raises:
        NotFound: there is no such rule, or no such plan in sight.
    """
    found = rules_of_plan(session, plan, sight=sight, on=on)
    view = next((each for each in found if each.rule.code == code), None)
    if view is None:
        raise NotFound("There is no rule {rule}.", rule=code)
    return view


def rule_uid(plan: UUID, code: str) -> UUID:
    """Return the UUID by which ETags name a rule of a plan: always the same."""
    return uuid5(plan, code)


NO_PLAN = UUID(int=0)
Place = tuple[int, UUID]


def _views(session: Session, plan: Place | None, *, on: date) -> list[RuleView]:
    rows = newest_rows(session)
    file = {row.rule: row for row in rows if row.plan_id is None}
    own = {row.rule: row for row in rows if plan is not None and row.plan_id == plan[0]}
    titles = _titles(session, [*file.values(), *own.values()])
    numbers = {} if plan is None else _numbers(session, plan[0])
    return [
        RuleView(
            uid=rule_uid(NO_PLAN if plan is None else plan[1], code),
            rule=RULES[code],
            version=numbers.get(code, 0),
            plan=_setting(own.get(code), Origin.PLAN, titles, on=on),
            file=_setting(file.get(code), Origin.FILE, titles, on=on),
            is_about_plans=is_about_plans(RULES[code]),
            is_fixed=code in FIXED,
        )
        for code in sorted(RULES)
    ]


def _numbers(session: Session, plan_id: int) -> dict[str, int]:
    query = select(RuleSetting.rule, RuleSetting.number).where(RuleSetting.plan_id == plan_id)
    return dict(session.exec(query.order_by(col(RuleSetting.number))).all())


def _titles(session: Session, rows: Iterable[RuleSetting]) -> dict[UUID, str]:
    uids = {uid for row in rows for uid in (row.asked_by_uid, row.granted_by_uid) if uid}
    if not uids:
        return {}
    query = select(Account.uid, Account.title).where(col(Account.uid).in_(uids))
    return dict(session.exec(query).all())


def _setting(
    row: RuleSetting | None, origin: Origin, titles: Mapping[UUID, str], *, on: date
) -> SettingView | None:
    if row is None:
        return None
    setting = setting_of(row)
    return SettingView(
        origin=origin,
        setting=setting,
        number=row.number,
        asked_by=titles.get(row.asked_by_uid, "") if row.asked_by_uid else "",
        asked_at=row.asked_at,
        granted_by=titles.get(row.granted_by_uid, "") if row.granted_by_uid else "",
        waits=setting.may_ease and not setting.is_granted and setting.holds(on),
        is_over=not setting.holds(on),
    )
