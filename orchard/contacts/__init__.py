"""People and companies outside: who is who, how they merge, what they consented to, how they are erased."""
