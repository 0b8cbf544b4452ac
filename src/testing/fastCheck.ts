import type fc from 'fast-check';

/**
 * fast-check, as `import fc from 'fast-check'` gives it. It is handed in and never imported here, so that those who
 * only test a store or an account need not install it, and nobody ends up with two copies.
 */
export type FastCheck = typeof fc;

/** What makes random values and shrinks them. */
export type Arbitrary<Value> = fc.Arbitrary<Value>;
