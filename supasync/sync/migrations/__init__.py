"""Three accounts of how production came about: git's migration files, the history that production
has recorded, and its schema as it is."""
