"""Working time: calendars, whose they are, and how much of it lies between two moments."""

from deskcrm.domain.calendars.working_time import (
    Calendar as Calendar,
)
from deskcrm.domain.calendars.working_time import (
    add_working_time as add_working_time,
)
from deskcrm.domain.calendars.working_time import (
    working_intervals as working_intervals,
)
from deskcrm.domain.calendars.working_time import (
    working_time_between as working_time_between,
)
