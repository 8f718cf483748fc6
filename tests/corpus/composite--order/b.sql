create type c as (b text, a int);
