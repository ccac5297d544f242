"""What members are to do and be told: next steps, reminders, meetings, notices. Sort of tables: books."""
