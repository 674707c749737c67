"""Names every feature once, so that its tables, commands and derived rows are known."""

import deskcrm.domain.clients.commands
import deskcrm.domain.clients.custom_fields
import deskcrm.domain.contacts.commands
import deskcrm.domain.contracts.commands
import deskcrm.domain.drafts.commands
import deskcrm.domain.tags.commands
import deskcrm.domain.teams.commands
import deskcrm.domain.users.commands
import deskcrm.domain.views.commands  # noqa: F401
