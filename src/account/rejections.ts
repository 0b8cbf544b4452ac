import type { Rejection as RejectionWithKind } from './rejection.js';

type WithoutKind<Each> = Each extends RejectionWithKind ? Omit<Each, 'kind'> : never;

/** A rejection as decisions return it: a type and its own fields. `decide` adds the kind. */
export type Rejection = WithoutKind<RejectionWithKind>;
