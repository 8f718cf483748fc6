create function f(a anycompatible, b anycompatiblearray) returns anycompatible language sql as 'select $1';
