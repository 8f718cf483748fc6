create domain nothing as int;
create function "in"(cstring) returns oid language internal immutable strict as 'oidin';
create cast (bytea as bit varying) without function;
create cast (bigint as double precision[]) with inout;
