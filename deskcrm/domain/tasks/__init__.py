"""What somebody here means to do, and when: due days, reminders, recurrence, postponements."""
