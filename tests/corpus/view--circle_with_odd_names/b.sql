create schema "Od""d.S";
