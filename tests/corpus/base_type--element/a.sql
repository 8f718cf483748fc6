create type pt;
create function pt_in(cstring) returns pt language internal immutable strict as 'point_in';
create function pt_out(pt) returns cstring language internal immutable strict as 'point_out';
create type pt (input = pt_in, output = pt_out, internallength = 16, alignment = double);
create table t (id int primary key, p pt);
insert into t values (1, '(1,2)');
