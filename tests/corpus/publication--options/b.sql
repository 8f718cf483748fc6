create publication p with (publish = 'delete, truncate', publish_via_partition_root = true);
create publication q with (publish = '');
alter publication q owner to anon;
create publication r with (publish_via_partition_root = true);
comment on publication r is 'are';
