import type { AccountEvent, AccountEventType } from '../../account/events/accountEvent.js';

/**
 * The reference model: the figures of a history, computed from its events alone.
 *
 * Deliberately naive and slow, and written from the contract without any of the library's code. Every figure is a sum
 * over all events. The reducer, which keeps its figures step by step, must agree with it.
 */
export type ReferenceFee = {
  readonly feeId: string;
  readonly feeType: string;
  readonly original: bigint;
  readonly paid: bigint;
  readonly waived: bigint;
  readonly settledByCredit: Readonly<Record<'setOff' | 'refundable' | 'external' | 'goodwill', bigint>>;
  readonly transferred: bigint;
  readonly transferPending: bigint;
  readonly cancelled: bigint;
  readonly remaining: bigint;
  readonly givenBack: bigint;
  readonly reserved: bigint;
  readonly transferReversed: bigint;
  readonly disputed: boolean;
  readonly returned: boolean;
  /** What accrual has charged, less what it took back; null for a fee that was charged once. */
  readonly accrued: bigint | null;
  /** The last reported total of the fine; null for a fee that was charged once. */
  readonly reportedTotal: bigint | null;
  /** The fine's final total; null while it grows. */
  readonly finalTotal: bigint | null;
};

export type ReferenceCredit = {
  readonly creditId: string;
  readonly cause: string;
  readonly purpose: string;
  readonly feeId: string | null;
  readonly amount: bigint;
  readonly applied: bigint;
  readonly refunded: bigint;
  readonly transferred: bigint;
  readonly transferPending: bigint;
  readonly cancelled: bigint;
  readonly withdrawn: bigint;
  readonly remaining: bigint;
};

export type ReferenceModel = {
  readonly fees: readonly ReferenceFee[];
  readonly credits: readonly ReferenceCredit[];
  /** Money that came in from outside and money that went out. */
  readonly cash: {
    readonly received: bigint;
    readonly handedBack: bigint;
    readonly imported: bigint;
    readonly settlementSurplus: bigint;
    readonly refunded: bigint;
  };
};

type EventOf<Type extends AccountEventType> = Extract<AccountEvent, { type: Type }>;
type DataOf<Type extends AccountEventType> = EventOf<Type>['data'];

/** Returns a canonical amount in minor units: its digits. */
export function minorUnits(amount: string): bigint {
  return BigInt(amount.replace('.', ''));
}

export function total(amounts: readonly bigint[]): bigint {
  return amounts.reduce((sum, amount) => sum + amount, 0n);
}

/** Computes the reference model of a history. */
export function referenceModelOf(events: readonly AccountEvent[]): ReferenceModel {
  const all = <Type extends AccountEventType>(type: Type) =>
    events
      .filter((event): event is EventOf<Type> => event.type === type)
      .map(({ data }) => data as DataOf<Type>);
  const credits = referenceCredits(events, all);
  return {
    fees: all('FeeAssessed').map((data) => referenceFee(data, all, credits, lastTotalOf(events, data.feeId))),
    credits,
    cash: {
      received: sumOf(all('PaymentReceived')),
      handedBack: sumOf(all('PaymentReversed')),
      imported: total(
        credits
          .filter(({ cause, purpose }) => cause === 'imported' && purpose === 'refundable')
          .map(({ amount }) => amount),
      ),
      settlementSurplus:
        total(credits.filter(({ cause }) => cause === 'settlement').map(({ amount }) => amount)) -
        total(
          all('SettlementReversed').map(({ surplus, shortfall }) => takenFromSurplus(surplus, shortfall)),
        ),
      refunded: sumOf(all('CreditRefunded')) - sumOf(all('RefundReversed')),
    },
  };
}

type All = <Type extends AccountEventType>(type: Type) => readonly DataOf<Type>[];
type Sum = { readonly amount: string };

function sumOf(rows: readonly Sum[]): bigint {
  return total(rows.map(({ amount }) => minorUnits(amount)));
}

/** Returns what a reversed settlement took from its surplus credit: unused, cancelled before, or used. */
function takenFromSurplus(
  surplus: DataOf<'SettlementReversed'>['surplus'],
  shortfall: DataOf<'SettlementReversed'>['shortfall'],
): bigint {
  const texts = [surplus?.amount, surplus?.cancelled, shortfall?.amount];
  return total(texts.map((text) => minorUnits(text ?? '0')));
}

function referenceFee(
  { feeId, feeType, amount, accruing }: DataOf<'FeeAssessed'>,
  all: All,
  credits: readonly ReferenceCredit[],
  reportedTotal: bigint | null,
): ReferenceFee {
  const ofFee = <Row extends { readonly feeId: string }>(rows: readonly Row[]) =>
    rows.filter((row) => row.feeId === feeId);
  const allocated = (
    rows: readonly { readonly allocations: readonly (Sum & { readonly feeId: string })[] }[],
  ) => sumOf(ofFee(rows.flatMap(({ allocations }) => allocations)));
  const transfers = all('FeeTransferred').filter((row) => row.feeId === feeId);
  const recalls = all('TransferRecalled').filter(({ transferId }) =>
    transfers.some((transfer) => transfer.transferId === transferId),
  );
  const usedUp = sumOf(recalls.flatMap(({ setOff }) => setOff ?? []));
  const settled = (purpose: string) => {
    const ids = new Set(
      credits.filter((credit) => credit.purpose === purpose).map(({ creditId }) => creditId),
    );
    const of = (rows: readonly DataOf<'CreditApplied' | 'CreditApplicationReversed'>[]) =>
      allocated(rows.filter(({ creditId }) => ids.has(creditId)));
    return of(all('CreditApplied')) - of(all('CreditApplicationReversed'));
  };
  const own = (purpose: string) =>
    credits.filter((credit) => credit.feeId === feeId && credit.purpose === purpose);
  const netOfCancelled = (purpose: string) =>
    total(own(purpose).map((credit) => credit.amount - credit.cancelled));
  const original = minorUnits(amount) + sumOf(ofFee(all('FeeIncreased')));
  const tookBack = [
    ...ofFee(all('FeeCancelled')),
    ...all('CreditIssued').filter((row) => row.feeId === feeId),
  ].filter(({ accrual }) => accrual === true);
  const [end] = ofFee(all('AccrualEnded'));
  const paid = allocated(all('PaymentReceived')) - allocated(all('PaymentReversed'));
  const waived = sumOf(ofFee(all('FeeWaived'))) - sumOf(ofFee(all('WaiverReversed')));
  const settledByCredit = {
    setOff: settled('setOff'),
    refundable: settled('refundable'),
    external: settled('external') + usedUp,
    goodwill: settled('goodwill'),
  };
  const transferred = sumOf(transfers) - sumOf(recalls);
  const cancelled = sumOf(ofFee(all('FeeCancelled')));
  const disputes = all('FeeDisputed').filter((row) => row.feeId === feeId);
  const resolved = new Set(all('DisputeResolved').map(({ disputeId }) => disputeId));
  return {
    feeId,
    feeType,
    original,
    paid,
    waived,
    settledByCredit,
    transferred,
    transferPending: pendingOf(transfers, all),
    cancelled,
    remaining: original - paid - waived - total(Object.values(settledByCredit)) - transferred - cancelled,
    givenBack:
      netOfCancelled('refundable') +
      sumOf(ofFee(all('PaymentReversed').flatMap(({ shortfall }) => shortfall ?? []))) +
      sumOf(ofFee(all('SettlementReversed').flatMap(({ shortfall }) => shortfall ?? []))),
    reserved: total(own('setOff').map((credit) => credit.remaining)),
    transferReversed: netOfCancelled('external') - usedUp,
    disputed: disputes.some(({ disputeId }) => !resolved.has(disputeId)),
    returned: all('LostItemReturned').some((row) => row.feeId === feeId),
    accrued: accruing === true ? original - sumOf(tookBack) : null,
    reportedTotal,
    finalTotal: end === undefined ? null : minorUnits(end.total),
  };
}

/** Returns the last reported total of a fine; null for a fee that was charged once. */
function lastTotalOf(events: readonly AccountEvent[], feeId: string): bigint | null {
  const totals = events.flatMap(({ data }) =>
    'feeId' in data && data.feeId === feeId && 'total' in data && data.total !== undefined
      ? [data.total]
      : [],
  );
  const last = totals.at(-1);
  return last === undefined ? null : minorUnits(last);
}

/** Returns what external systems have neither settled nor handed back of some transfers. */
function pendingOf(transfers: readonly DataOf<'FeeTransferred' | 'CreditTransferred'>[], all: All): bigint {
  const expected = transfers.filter(({ expectsSettlement }) => expectsSettlement);
  const ofExpected = <Row extends { readonly transferId: string }>(rows: readonly Row[]) =>
    rows.filter(({ transferId }) => expected.some((transfer) => transfer.transferId === transferId));
  const done = ofExpected([...all('TransferSettled'), ...all('TransferRecalled')]);
  return sumOf(expected) - sumOf(done) + sumOf(ofExpected(all('SettlementReversed')));
}

type Issued = Sum & {
  readonly creditId: string;
  readonly cause: string;
  readonly purpose: string;
  readonly feeId?: string;
};

function referenceCredits(events: readonly AccountEvent[], all: All): ReferenceCredit[] {
  const issued = events.flatMap(({ type, data }): readonly Issued[] => {
    if (type === 'LostItemCreditIssued' || type === 'CreditIssued') return [data];
    if (type !== 'PaymentReceived' || data.overpayment === undefined) return [];
    return [{ ...data.overpayment, cause: 'overpayment', purpose: 'refundable' }];
  });
  return issued.map((credit) => {
    const { creditId, cause, purpose } = credit;
    const ofCredit = <Row extends { readonly creditId: string }>(rows: readonly Row[]) =>
      rows.filter((row) => row.creditId === creditId);
    const lines = (rows: readonly DataOf<'CreditApplied' | 'CreditApplicationReversed'>[]) =>
      sumOf(ofCredit(rows).flatMap(({ allocations }) => allocations));
    const transfers = ofCredit(all('CreditTransferred'));
    const recalls = all('TransferRecalled');
    const recalled = recalls.filter(({ transferId }) =>
      transfers.some((row) => row.transferId === transferId),
    );
    const amount = minorUnits(credit.amount);
    const applied =
      lines(all('CreditApplied')) -
      lines(all('CreditApplicationReversed')) +
      sumOf(ofCredit(recalls.flatMap(({ setOff }) => setOff ?? [])));
    const refunded = sumOf(ofCredit(all('CreditRefunded'))) - sumOf(ofCredit(all('RefundReversed')));
    const transferred = sumOf(transfers) - sumOf(recalled);
    const withdrawals = ofCredit([
      ...all('PaymentReversed').flatMap(({ overpayment }) => overpayment ?? []),
      ...all('SettlementReversed').flatMap(({ surplus }) => surplus ?? []),
    ]);
    const neverPaid = total(withdrawals.map((part) => minorUnits(part.cancelled ?? '0')));
    const cancelled = sumOf(ofCredit(all('CreditCancelled'))) - neverPaid;
    const withdrawn = sumOf(withdrawals) + neverPaid;
    return {
      creditId,
      cause,
      purpose,
      feeId: credit.feeId ?? null,
      amount,
      applied,
      refunded,
      transferred,
      transferPending: pendingOf(transfers, all),
      cancelled,
      withdrawn,
      remaining: amount - applied - refunded - transferred - cancelled - withdrawn,
    };
  });
}

/** Returns the balances of an account according to the reference model. */
export function balancesOf({ fees, credits }: ReferenceModel): Readonly<Record<string, bigint>> {
  const disputed = new Set(fees.filter((fee) => fee.disputed).map(({ feeId }) => feeId));
  const inDispute = credits.filter(
    ({ purpose, feeId }) => purpose === 'setOff' && feeId !== null && disputed.has(feeId),
  );
  const unused = (rows: readonly ReferenceCredit[]) => total(rows.map(({ remaining }) => remaining));
  const remaining = (isDisputed: boolean) =>
    total(fees.filter((fee) => fee.disputed === isDisputed).map((fee) => fee.remaining));
  const owed = (rows: readonly ReferenceFee[]) => total(rows.map((fee) => fee.remaining - fee.reserved));
  return {
    active: remaining(false) - (unused(credits) - unused(inDispute)),
    disputed: remaining(true) - unused(inDispute),
    transferred:
      total(fees.map(({ transferPending }) => transferPending)) -
      total(credits.map(({ transferPending }) => transferPending)),
    payable: owed(fees.filter((fee) => !fee.disputed)),
    owed: owed(fees),
  };
}
