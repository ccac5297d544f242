"""The way in and out: login, password reset, invitation, and a member's own profile."""
