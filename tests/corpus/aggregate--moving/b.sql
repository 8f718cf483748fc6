create aggregate total(int) (sfunc = int4pl, stype = int, initcond = '0', sspace = 64,
  msfunc = int4pl, minvfunc = int4mi, mstype = int, minitcond = '0', msspace = 128);
