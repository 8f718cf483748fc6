create function diff(float8, float8) returns float8 language sql immutable as 'select $1 - $2';
create type span as range (subtype = float8, subtype_diff = diff, multirange_type_name = spans);
create type words as range (subtype = text, collation = "C", subtype_opclass = text_pattern_ops);
create table t (r span, m spans, w words[], wm words_multirange default '{[a,b)}');
comment on type span is 'range'; alter type span owner to anon;
grant usage on type words to authenticated; revoke usage on type words from public;
