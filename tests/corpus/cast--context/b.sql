create type e as enum ('x');
create cast (e as varchar) with inout as implicit;
create cast (text as e) with inout;
comment on cast (text as e) is 'inside';
