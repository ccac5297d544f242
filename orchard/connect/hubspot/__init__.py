"""HubSpot: the maps of its exports."""
