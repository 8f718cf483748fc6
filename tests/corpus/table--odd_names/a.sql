create schema "a ""schema""";
create table "a ""schema"""."table's	tab" ("select" int primary key, "Üñî" text not null, "new
line" int default 3);
comment on column "a ""schema"""."table's	tab"."new
line" is 'split';
create index "dot.ted" on "a ""schema"""."table's	tab" ("Üñî");
