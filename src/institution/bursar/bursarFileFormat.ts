import type { BursarTransfer } from './bursarTransfer.js';

/** How a file is written: what comes first, what stands for the transfers of one patron, what comes last. */
export type BursarFileFormat = {
  readonly head: string;
  readonly patron: (transfers: readonly BursarTransfer[]) => string;
  readonly foot: string;
};

/** An amount as the external system gets it: what the patron gets is negative. */
export function signedAmount({ kind, amount }: BursarTransfer): string {
  return kind === 'credit' ? `-${amount}` : amount;
}
