create table "日本" ("列" text primary key, "ключ" text references "日本"("列") );
