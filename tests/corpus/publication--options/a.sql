create publication p with (publish = 'insert, update');
create publication q;
create publication r with (publish = '');
comment on publication q is 'queue';
