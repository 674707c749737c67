"""DeskCRM: a desktop customer-success CRM client, offline first."""

__version__ = "0.1.0"
