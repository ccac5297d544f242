"""Which of our processes are alive, and which statements were slow. Sort of tables: its own, forgotten after a day."""
