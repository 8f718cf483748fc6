create type txt;
create function txt_in(cstring, oid, int) returns txt language internal immutable strict as 'varcharin';
create function txt_out(txt) returns cstring language internal immutable strict as 'varcharout';
create function txt_modin(cstring[]) returns int language internal immutable strict as 'varchartypmodin';
create function txt_modout(int) returns cstring language internal immutable strict as 'varchartypmodout';
create type txt (input = txt_in, output = txt_out, internallength = variable, storage = external,
  typmod_in = txt_modin, typmod_out = txt_modout, collatable = true, category = 'S', analyze = array_typanalyze);
create table t (id int primary key, a txt(9) collate "C");
insert into t values (1, 'hello');
