import type fc from 'fast-check';

/**
 * fast-check, as imported with `import fc from 'fast-check'`. It is passed as an argument and never imported here, so
 * that users who only test a store or an account need not install it, and nobody gets two copies.
 */
export type FastCheck = typeof fc;

/** Generates random values and shrinks them. */
export type Arbitrary<Value> = fc.Arbitrary<Value>;
