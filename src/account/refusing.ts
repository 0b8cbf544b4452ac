import type { Refusal } from './rejections/rejection.js';

/** Thrown by `refuse` and caught by {@link refusalIn}, so it never leaves `decide`. */
class Refused {
  readonly refusal: Refusal;
  constructor(refusal: Refusal) {
    this.refusal = refusal;
  }
}

/** Refuses the command: ends the rules that {@link refusalIn} runs. */
export function refuse(refusal: Refusal): never {
  throw new Refused(refusal);
}

/** Runs rules. Returns the refusal that ended them, or undefined. */
export function refusalIn(rules: () => void): Refusal | undefined {
  try {
    rules();
    return undefined;
  } catch (thrown) {
    if (thrown instanceof Refused) return thrown.refusal;
    throw thrown;
  }
}
