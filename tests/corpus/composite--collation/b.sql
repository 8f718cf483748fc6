create type c as (a text, b text collate "C");
