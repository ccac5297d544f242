"""The room that speaks with other systems; it decides how what they say becomes contacts and facts."""
