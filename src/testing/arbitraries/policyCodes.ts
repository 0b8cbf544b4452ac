import type { FeePolicy } from '../../policy/feePolicy.js';

/** A code in no table and an id of nothing. */
export const MISSING = 'no such thing';

/** The policy's codes that commands of a story use, so that stories fit every policy. */
export type Codes = {
  /** Types that are neither for lost items nor retired. */
  readonly ordinary: (pick: number) => string;
  /** Types for lost items; an ordinary type if the policy has none. */
  readonly lost: (pick: number) => string;
  readonly retired: string;
  /** A type that staff may not charge by hand. */
  readonly notManual: string;
  readonly method: (pick: number) => string;
  readonly waiveReason: (pick: number) => string;
  readonly creditReason: (pick: number) => string;
};

const known = new WeakMap<FeePolicy, Codes>();

/** Returns the codes of a policy. */
export function codesOf(policy: FeePolicy): Codes {
  const codes = known.get(policy) ?? readCodes(policy);
  known.set(policy, codes);
  return codes;
}

function readCodes(policy: FeePolicy): Codes {
  const types = Object.entries(policy.feeTypes);
  const codes = (fits: (type: FeePolicy['feeTypes'][string]) => boolean) =>
    types.filter(([, type]) => fits(type)).map(([code]) => code);
  const ordinary = codes((type) => !type.lostItem && !type.retired);
  const lost = codes((type) => type.lostItem && !type.retired);
  return {
    ordinary: oneOf(ordinary),
    lost: oneOf(lost.length > 0 ? lost : ordinary),
    retired: oneOf(codes((type) => type.retired === true))(0),
    notManual: oneOf(codes((type) => !type.manual))(0),
    method: oneOf(Object.keys(policy.paymentMethods)),
    waiveReason: oneOf(Object.keys(policy.waiveReasons)),
    creditReason: oneOf(Object.keys(policy.creditReasons)),
  };
}

function oneOf(codes: readonly string[]): (pick: number) => string {
  return (pick) => codes[pick % (codes.length || 1)] ?? MISSING;
}
