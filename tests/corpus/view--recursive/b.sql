create view v as with recursive r(n) as (select 1 union all select n + 1 from r where n < 9) search depth first by n set o select n from r;
