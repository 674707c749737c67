"""When things happen in the sample: on working days, in working hours, and never in the future."""

from dataclasses import dataclass
from datetime import date, datetime, time, timedelta, tzinfo
from random import Random
from typing import Final

from deskcrm.base.clock import to_millisecond

# How busy the hours from eight to seven in the evening are.
_HOURS: Final = range(8, 20)
_BUSY: Final = (2, 7, 10, 11, 9, 5, 7, 9, 9, 7, 3, 1)


@dataclass(frozen=True, slots=True)
class Calendar:
    """The present, as the person who looks at the sample sees it."""

    now: datetime
    zone: tzinfo | None
    random: Random

    @classmethod
    def local(cls, now: datetime, random: Random) -> "Calendar":
        """Make the calendar of this computer's time zone."""
        return cls(now, now.astimezone().tzinfo, random)

    @property
    def today(self) -> date:
        """Give the day it is here."""
        return self.now.astimezone(self.zone).date()

    def day(self, ahead: int) -> date:
        """Give a working day so many days ahead (or back, if negative)."""
        found = self.today + timedelta(days=ahead)
        if found.weekday() < 5:
            return found
        # Back from a weekend that is past, on from one that is to come.
        back = found.weekday() - 4
        return found - timedelta(days=back) if ahead < 0 else found + timedelta(days=3 - back)

    def moment(self, on: date) -> datetime:
        """Give a moment in the working hours of a day; one of today is in the past."""
        hour = self.random.choices(_HOURS, weights=_BUSY)[0]
        at = time(hour, self.random.randrange(60), self.random.randrange(60))
        return self.past(datetime.combine(on, at, self.zone))

    def ago(self, days: float) -> datetime:
        """Give a moment in working hours about so many days ago."""
        return self.moment(self.day(-round(days)))

    def later(self, moment: datetime, low: timedelta, high: timedelta) -> datetime:
        """Give a moment after another, in working hours unless it is on the same day."""
        span = (high - low).total_seconds()
        found = moment + low + timedelta(seconds=self.random.random() * span)
        there = found.astimezone(self.zone)
        if there.weekday() >= 5 or not 8 <= there.hour < 20:
            following = there.date() + timedelta(days=1 if there.hour >= 8 else 0)
            while following.weekday() >= 5:
                following += timedelta(days=1)
            found = max(self.moment(following), moment)
        if found > self.now:
            found = moment + (self.now - moment) * self.random.uniform(0.2, 0.9)
        return to_millisecond(found)

    def past(self, moment: datetime) -> datetime:
        """Move what would lie ahead into the last hours."""
        if moment > self.now:
            moment = self.now - timedelta(minutes=self.random.randrange(2, 180))
        return to_millisecond(moment)

    def local_day(self, moment: datetime) -> date:
        """Give the day of a moment, here."""
        return moment.astimezone(self.zone).date()
