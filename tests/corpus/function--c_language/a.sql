create function f(internal) returns internal language internal strict as 'int4in';
