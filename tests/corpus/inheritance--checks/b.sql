create table parent (a int, constraint one check (a > 1), constraint two check (a > 2) not valid);
create table child (constraint mine check (a <> 4), constraint alone check (a < 9)) inherits (parent);
comment on constraint one on child is 'child''s';
