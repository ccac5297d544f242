"""People and companies outside: who is who, how they merge, what they consent to, their files, how they are erased."""
