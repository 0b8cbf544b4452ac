import { unused } from '../../account/credit.js';
import { remaining } from '../../account/fee.js';
import type { PatronAccount } from '../../account/patronAccount.js';
import type { ReferenceModel } from './referenceModel.js';

/** Returns the figures of an account with the names and in the order of the reference model. */
export function figuresOf(account: PatronAccount): Pick<ReferenceModel, 'fees' | 'credits'> {
  return {
    fees: account.fees.map((fee) => ({
      feeId: fee.feeId,
      feeType: fee.feeType,
      original: BigInt(fee.original),
      paid: BigInt(fee.paid),
      waived: BigInt(fee.waived),
      settledByCredit: {
        setOff: BigInt(fee.settledByCredit.setOff),
        refundable: BigInt(fee.settledByCredit.refundable),
        external: BigInt(fee.settledByCredit.external),
        goodwill: BigInt(fee.settledByCredit.goodwill),
      },
      transferred: BigInt(fee.transferred),
      transferPending: BigInt(fee.transferPending),
      cancelled: BigInt(fee.cancelled),
      remaining: BigInt(remaining(fee)),
      givenBack: BigInt(fee.givenBack),
      reserved: BigInt(fee.reserved),
      transferReversed: BigInt(fee.transferReversed),
      disputed: fee.disputed,
      returned: fee.returned,
      accrued: bigOrNull(fee.accrual?.accrued),
      reportedTotal: bigOrNull(fee.accrual?.reportedTotal),
      finalTotal: bigOrNull(fee.accrual?.total),
    })),
    credits: account.credits.map((credit) => ({
      creditId: credit.creditId,
      cause: credit.cause,
      purpose: credit.purpose,
      feeId: credit.feeId,
      amount: BigInt(credit.amount),
      applied: BigInt(credit.applied),
      refunded: BigInt(credit.refunded),
      transferred: BigInt(credit.transferred),
      transferPending: BigInt(credit.transferPending),
      cancelled: BigInt(credit.cancelled),
      withdrawn: BigInt(credit.withdrawn),
      remaining: BigInt(unused(credit)),
    })),
  };
}

function bigOrNull(minor: number | null | undefined): bigint | null {
  return minor == null ? null : BigInt(minor);
}

/** Converts the figures of a record to those of the reference model. */
export function inBigInts(record: Readonly<Record<string, number>>): Readonly<Record<string, bigint>> {
  return Object.fromEntries(Object.entries(record).map(([name, value]) => [name, BigInt(value)]));
}
