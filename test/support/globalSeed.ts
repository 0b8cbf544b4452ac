import fc from 'fast-check';

const { FC_SEED } = process.env;

/** `FC_SEED` gives every property its seed, also those that do not go through `seeded` or `tried`. */
if (FC_SEED !== undefined) fc.configureGlobal({ ...fc.readConfigureGlobal(), seed: Number(FC_SEED) });
