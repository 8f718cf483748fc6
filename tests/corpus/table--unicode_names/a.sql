create table "日本" ("列" text primary key, "ключ" int references "日本"("列") );
