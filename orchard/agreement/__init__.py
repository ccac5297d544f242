"""The agreement: versions, signatures, verdict. Sort of tables: books; the verdict is a projection."""
