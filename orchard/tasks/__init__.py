"""What members are to do and be told: next steps, reminders, meetings, notes, notices. Sort of tables: books."""
