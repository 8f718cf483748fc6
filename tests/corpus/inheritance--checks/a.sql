create table parent (a int, constraint one check (a > 0), constraint alone check (a < 9) no inherit);
create table child (constraint mine check (a <> 3)) inherits (parent);
