create aggregate pick(float8 order by anyelement) (sfunc = ordered_set_transition, stype = internal,
  finalfunc = percentile_disc_final, finalfunc_extra, finalfunc_modify = read_write);
