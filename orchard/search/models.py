"""The room's storage: by which words each record is found. All tables are projections."""

from django.contrib.postgres.fields import ArrayField
from django.contrib.postgres.indexes import GinIndex
from django.contrib.postgres.search import SearchVectorField
from django.db import models


class ContactKeys(models.Model):
    """The words by which a living contact is found: of its names, and of all addresses that lead to it."""

    contact_id = models.BigIntegerField(primary_key=True)
    words = SearchVectorField()

    class Meta:
        db_table = "search_contact"
        indexes = [GinIndex(fields=["words"], name="search_contact_words", fastupdate=False)]


class AccountKeys(models.Model):
    """The words by which an account is found: of its name, its domain, and its ids in other systems."""

    account_id = models.BigIntegerField(primary_key=True)
    words = SearchVectorField()

    class Meta:
        db_table = "search_account"
        indexes = [GinIndex(fields=["words"], name="search_account_words", fastupdate=False)]


class Word(models.Model):
    """A word that somebody or something is found by, under keys that a typo in its beginning does not change.

    `among` is the group whose word it is.
    """

    pk = models.CompositePrimaryKey("among", "word")
    among = models.CharField(max_length=8)
    word = models.CharField(max_length=40, db_collation="C")
    keys = ArrayField(models.CharField(max_length=4, db_collation="C"))

    class Meta:
        db_table = "search_word"
        indexes = [GinIndex(fields=["keys"], name="search_word_keys", fastupdate=False)]
