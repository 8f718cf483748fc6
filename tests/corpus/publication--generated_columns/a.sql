-- needs: 18
create table t (id int primary key, twice int generated always as (id * 2) stored);
create publication p for table t with (publish_generated_columns = stored);
