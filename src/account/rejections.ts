import { type Rejection as RejectionWithKind, rejectionKinds } from './rejection.js';

type WithoutKind<Each> = Each extends RejectionWithKind ? Omit<Each, 'kind'> : never;

/** What a rule answers when it refuses: a type and its own fields. `decide` adds the kind. */
export type Rejection = WithoutKind<RejectionWithKind>;

/** Adds its kind to what a rule answered. */
export function rejectionOf(data: Rejection): RejectionWithKind {
  const { type, ...fields } = data;
  return { type, kind: rejectionKinds[type], ...fields } as RejectionWithKind;
}
