create type txt;
create function txt_in(cstring) returns txt language internal immutable strict as 'varcharin';
create function txt_out(txt) returns cstring language internal immutable strict as 'varcharout';
create type txt (input = txt_in, output = txt_out, internallength = variable, storage = extended);
