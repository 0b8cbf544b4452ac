/**
 * The kind of a rejection. An HTTP API can choose its status by it.
 *
 * - `invalid`: the command itself is wrong, in any state of the account: its shape, or a code that is not in the
 *   policy.
 * - `notFound`: the command names a fee, credit, payment, waiver, transfer or other thing that the account does not
 *   have.
 * - `conflict`: the command contradicts the state of the account; it may be accepted at another time.
 * - `forbidden`: the policy does not allow it.
 */
export type RejectionKind = 'invalid' | 'notFound' | 'conflict' | 'forbidden';

/**
 * A refusal: its name and its kind. The fields that only this one has follow as a second type.
 *
 * @typeParam Type - the rejection's name
 * @typeParam Kind - the kind of refusal
 */
export type Refusal<Type extends string, Kind extends RejectionKind> = {
  /** The rejection's name. */
  readonly type: Type;
  /** The kind of refusal. */
  readonly kind: Kind;
};

/**
 * The result of what was refused.
 *
 * @typeParam Rejection - the rejections that it can have
 */
export type NotAccepted<Rejection> = {
  /** Always false. */
  readonly accepted: false;
  /** Why not. */
  readonly rejection: Rejection;
};
