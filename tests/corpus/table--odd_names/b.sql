create schema "a ""schema""";
create table "a ""schema"""."table's	tab" ("select" bigint primary key, "Üñî" text, "new
line" int default 4);
create index "dot.ted" on "a ""schema"""."table's	tab" ("select");
