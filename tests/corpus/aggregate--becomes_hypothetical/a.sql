create aggregate place(variadic "any" order by variadic "any") (sfunc = ordered_set_transition_multi,
  stype = internal, finalfunc = rank_final, finalfunc_extra);
