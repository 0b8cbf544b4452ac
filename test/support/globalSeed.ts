import fc from 'fast-check';

const { FC_RUNS, FC_SEED } = process.env;

/** `FC_SEED` and `FC_RUNS=<number>` also apply to properties without options of their own. */
fc.configureGlobal({
  ...fc.readConfigureGlobal(),
  ...(FC_SEED ? { seed: Number(FC_SEED) } : {}),
  ...(/^\d+$/.test(FC_RUNS ?? '') ? { numRuns: Number(FC_RUNS) } : {}),
});
