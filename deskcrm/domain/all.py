"""Names every feature once, so that its tables, commands and derived rows are known."""

import deskcrm.domain.absences.commands
import deskcrm.domain.assignment.commands
import deskcrm.domain.attachments.commands
import deskcrm.domain.calendars.commands
import deskcrm.domain.clients.commands
import deskcrm.domain.clients.custom_fields
import deskcrm.domain.clients.editing
import deskcrm.domain.clients.moving
import deskcrm.domain.conflicts.commands
import deskcrm.domain.conflicts.refusals
import deskcrm.domain.contacts.commands
import deskcrm.domain.contacts.editing
import deskcrm.domain.contracts.commands
import deskcrm.domain.drafts.commands
import deskcrm.domain.interactions.commands
import deskcrm.domain.interactions.correcting
import deskcrm.domain.knowledge.commands
import deskcrm.domain.lookup.commands
import deskcrm.domain.lookup.derived
import deskcrm.domain.promises.commands
import deskcrm.domain.queue.commands
import deskcrm.domain.settings.commands
import deskcrm.domain.sla.commands
import deskcrm.domain.sla.deadlines
import deskcrm.domain.summary.derive
import deskcrm.domain.tags.commands
import deskcrm.domain.tasks.commands
import deskcrm.domain.tasks.moving
import deskcrm.domain.teams.commands
import deskcrm.domain.templates.commands
import deskcrm.domain.tickets.commands
import deskcrm.domain.tickets.lines
import deskcrm.domain.tickets.standing
import deskcrm.domain.today.queries
import deskcrm.domain.users.commands
import deskcrm.domain.views.commands  # noqa: F401
