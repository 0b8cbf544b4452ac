import type { Credit } from './credit.js';
import { type PatronAccount, positionOf } from './patronAccount.js';
import { type CreditUse, entry, lastUse, move, newUse, type Taxed } from './taxed.js';

/** Divides the tax that was issued with a credit over its transactions. */
export function creditParts(account: PatronAccount, credit: Credit, issued: number): readonly number[] {
  const left: Taxed = { amount: credit.amount, tax: issued };
  const taken = new Map<string, Taxed>();
  const uses: CreditUse[] = [];
  return credit.transactions.map(({ kind, id, amount, references }) => {
    switch (kind) {
      case 'creditIssued':
        return issued;
      case 'creditCancelled':
      case 'creditForfeited':
        return move(left, amount);
      case 'refundReversed':
        return move(entry(taken, references.refundId), amount, left);
      case 'recall':
        return move(entry(taken, references.transferId), amount, left);
      case 'settlement':
        return move(entry(taken, transferIdOf(account, id)), amount, entry(taken, id));
      case 'settlementReversed': {
        const { settlementId } = references;
        return move(entry(taken, settlementId), amount, entry(taken, transferIdOf(account, settlementId)));
      }
      case 'refund':
      case 'transfer':
        return move(left, amount, entry(taken, id));
      case 'creditApplied':
        return move(left, amount, newUse(uses, references.feeId, amount));
      case 'creditApplicationReversed':
        return move(lastUse(uses, references.feeId, amount), amount, left);
      default:
        return 0;
    }
  });
}

/** Returns the id of the transfer that a settlement belongs to. */
export function transferIdOf(account: PatronAccount, settlementId: string | undefined): string | undefined {
  return account.settlements[positionOf(account, 'settlement', settlementId as string)]?.transferId;
}
