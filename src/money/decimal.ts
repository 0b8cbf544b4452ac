import Big, { type BigConstructor } from 'big.js';

/** Returns a private, strict big.js constructor, so that the caller's global `Big` and its settings stay unchanged. */
function strictConstructor(): BigConstructor {
  const Strict = Big();
  Strict.strict = true;
  return Strict;
}

/** Exact decimals, for percentages and for input that is looser than the canonical form. */
export const Decimal: BigConstructor = /* @__PURE__ */ strictConstructor();
