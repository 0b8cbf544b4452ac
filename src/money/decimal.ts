import Big, { type BigConstructor } from 'big.js';

/** A strict big.js constructor of our own, so that the consumer's global `Big` and its settings are never touched. */
function strictConstructor(): BigConstructor {
  const Strict = Big();
  Strict.strict = true;
  return Strict;
}

/** Exact decimals, for percentages and for input that is looser than the canonical form. */
export const Decimal: BigConstructor = /* @__PURE__ */ strictConstructor();
