create type e as enum ('x');
create cast (e as varchar) with inout;
create cast (text as e) with inout as assignment;
comment on cast (text as e) is 'in';
