import type { BursarTransfer } from './bursarTransfer.js';

/** The parts of a file: its beginning, the transfers of one patron, its end. */
export type BursarFileFormat = {
  readonly head: string;
  readonly patron: (transfers: readonly BursarTransfer[]) => string;
  readonly foot: string;
};

/** Returns the amount for the external system: negative for a credit. */
export function signedAmount({ kind, amount }: BursarTransfer): string {
  return kind === 'credit' ? `-${amount}` : amount;
}
