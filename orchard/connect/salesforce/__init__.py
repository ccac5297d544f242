"""Salesforce: the maps of its exports, by weekly export, Data Loader or query."""
