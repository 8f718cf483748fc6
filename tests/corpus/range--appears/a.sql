create function diff(float8, float8) returns float8 language sql immutable as 'select $1 - $2';
