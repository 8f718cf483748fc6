create schema "Dom Ains";
create domain "Dom Ains"."My Domain" as int[] constraint "First ""One""" check (array_length(value, 1) < 4);
