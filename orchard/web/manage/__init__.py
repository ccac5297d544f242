"""The desk of those who run Orchard: members, teams, health."""
