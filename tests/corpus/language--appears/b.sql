create function call() returns language_handler language c as '$libdir/plpgsql', 'plpgsql_call_handler';
create function inl(internal) returns void language c as '$libdir/plpgsql', 'plpgsql_inline_handler';
create function valid(oid) returns void language c as '$libdir/plpgsql', 'plpgsql_validator';
create language ln_x handler call inline inl validator valid;
comment on language ln_x is 'lang';
create trusted language "Ln T" handler call;
alter language "Ln T" owner to anon;
grant usage on language "Ln T" to authenticated; revoke usage on language "Ln T" from public;
create function f() returns int language ln_x as 'begin return 1; end';
