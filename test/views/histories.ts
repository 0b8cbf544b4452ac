import fc from 'fast-check';
import { apply } from '../../src/account/apply.js';
import { unused } from '../../src/account/credit.js';
import type { AccountEvent } from '../../src/account/events/accountEvent.js';
import { feeStatus, owed, refundableMoney, transferredAndNotReversed } from '../../src/account/fee.js';
import { mutableCopy } from '../../src/account/fold.js';
import { emptyAccount, type PatronAccount } from '../../src/account/patronAccount.js';
import { type OverpaidPart, transferPendingOf } from '../../src/account/records.js';
import { formatAmount } from '../../src/money/money.js';

/** Ids and codes that break code that uses them as object keys or unescaped in markup. */
const hostileNames = ['__proto__', 'constructor', '17', '2', 'toString', '<b>"&\'', '\u202Eevil', '𝒳', 'a b'];

/** What a step uses: random numbers, fresh ids, amounts up to a limit. */
type Draw = {
  readonly one: <Item>(items: readonly Item[]) => Item | undefined;
  readonly id: () => string;
  readonly upTo: (limit: number) => string;
  readonly base: { readonly currency: string; readonly at: string };
};

type Step = (account: PatronAccount, draw: Draw) => AccountEvent | undefined;

/** Steps that add events the views distinguish; each returns undefined if the account does not allow it. */
const steps: readonly Step[] = [
  (_, { id, one, upTo, base }) => {
    const feeType = one([
      'OVERDUEFINE',
      'OTHER',
      'LOSTITEMREPLACEMENTFEE',
      'NOWHERE',
      'constructor',
    ]) as string;
    const data = {
      ...base,
      feeId: id(),
      feeType,
      amount: upTo(9_999),
      owner: one(['MAIN', 'LAW', '__proto__']) as string,
    };
    const lostItem = feeType === 'LOSTITEMREPLACEMENTFEE';
    const item = one([undefined, { id: 'i1', barcode: '17', title: 'On Numbers' }, { id: 'i2' }]);
    const loanId = one([undefined, 'loan', '__proto__']);
    return {
      type: 'FeeAssessed',
      data: {
        ...data,
        ...(item && { item }),
        ...(loanId && { loanId }),
        ...(lostItem && { lostItem }),
        staffNote: 'SECRET',
      },
    };
  },
  ({ fees }, { id, one, upTo, base }) => {
    const fee = one(fees.filter((candidate) => owed(candidate) > 0));
    if (fee === undefined) return undefined;
    const { feeId } = fee;
    const kind = one(['FeeWaived', 'FeeTransferred', 'FeeCancelled'] as const);
    const data = { ...base, feeId, amount: upTo(owed(fee)), staffNote: 'SECRET' };
    if (kind === 'FeeWaived') return { type: kind, data: { ...data, waiverId: id(), reason: 'OTHER' } };
    if (kind === 'FeeCancelled') return { type: kind, data: { ...data, cancellationId: id() } };
    const expectsSettlement = one([true, false]) === true;
    return {
      type: 'FeeTransferred',
      data: { ...data, transferId: id(), expectsSettlement, destination: 'BURSAR' },
    };
  },
  ({ fees }, { id, one, upTo, base }) => {
    const fee = one(fees.filter((candidate) => owed(candidate) > 0));
    const allocated = fee === undefined ? 0 : toMinor(upTo(owed(fee)));
    const over = fee === undefined || one([true, false]) ? toMinor(upTo(500)) : 0;
    return {
      type: 'PaymentReceived',
      data: {
        ...base,
        paymentId: id(),
        amount: amount(allocated + over),
        method: one(['CASH', 'constructor']) as string,
        allocations: fee === undefined ? [] : [{ feeId: fee.feeId, amount: amount(allocated) }],
        ...(over > 0 && { overpayment: { creditId: id(), amount: amount(over) } }),
        reference: 'cheque 7',
      },
    };
  },
  ({ fees }, { id, one, base }) => {
    const fee = one(fees.filter((candidate) => feeStatus(candidate) === 'active'));
    return fee && { type: 'FeeDisputed', data: { at: base.at, disputeId: id(), feeId: fee.feeId } };
  },
  ({ fees }, { one, base }) => {
    const fee = one(fees.filter((candidate) => candidate.disputeId !== null));
    return (
      fee && {
        type: 'DisputeResolved',
        data: { at: base.at, disputeId: fee.disputeId as string, feeId: fee.feeId, outcome: 'feeStands' },
      }
    );
  },
  ({ fees }, { id, one, upTo, base }) => {
    const fee = one(fees.filter((candidate) => candidate.lostItem && owed(candidate) > 0));
    if (fee === undefined) return undefined;
    const data = { ...base, creditId: id(), feeId: fee.feeId, amount: upTo(owed(fee)), reason: 'OTHER' };
    return { type: 'LostItemCreditIssued', data: { ...data, cause: 'waived', purpose: 'setOff' } };
  },
  ({ fees }, { id, one, upTo, base }) => {
    const fee = one(fees.filter((candidate) => transferredAndNotReversed(candidate) > 0));
    if (fee === undefined) return undefined;
    const data = { ...base, creditId: id(), feeId: fee.feeId, amount: upTo(transferredAndNotReversed(fee)) };
    return { type: 'CreditIssued', data: { ...data, cause: 'waived', purpose: 'external' } };
  },
  ({ fees }, { id, one, upTo, base }) => {
    const fee = one(fees.filter((candidate) => refundableMoney(candidate) > 0));
    if (fee === undefined) return undefined;
    const data = { ...base, creditId: id(), feeId: fee.feeId, amount: upTo(refundableMoney(fee)) };
    return { type: 'CreditIssued', data: { ...data, cause: 'cancelled', purpose: 'refundable' } };
  },
  (_, { id, upTo, base }) => ({
    type: 'CreditIssued',
    data: {
      ...base,
      creditId: id(),
      amount: upTo(900),
      cause: 'manual',
      purpose: 'goodwill',
      reason: 'GOODWILL',
    },
  }),
  ({ fees, credits }, { id, one, upTo, base }) => {
    const credit = one(
      credits.filter((candidate) => unused(candidate) > 0 && candidate.purpose !== 'external'),
    );
    if (credit === undefined) return undefined;
    const own = credit.purpose === 'setOff';
    const fee = one(
      fees.filter((candidate) => (own ? candidate.feeId === credit.feeId : owed(candidate) > 0)),
    );
    if (fee === undefined) return undefined;
    const limit = own ? unused(credit) : Math.min(unused(credit), owed(fee));
    const allocations = [{ feeId: fee.feeId, amount: upTo(limit) }];
    return {
      type: 'CreditApplied',
      data: { ...base, applicationId: id(), creditId: credit.creditId, allocations },
    };
  },
  ({ credits }, { id, one, upTo, base }) => {
    const credit = one(credits.filter((candidate) => unused(candidate) > 0));
    if (credit === undefined) return undefined;
    const { creditId, purpose } = credit;
    const data = { ...base, creditId, amount: upTo(unused(credit)) };
    const choice = one(['cancel', 'refund', 'transfer'] as const);
    if (choice === 'refund' && purpose === 'refundable') {
      return { type: 'CreditRefunded', data: { ...data, refundId: id(), method: 'CASH' } };
    }
    if (choice === 'transfer' && (purpose === 'refundable' || purpose === 'external')) {
      return {
        type: 'CreditTransferred',
        data: { ...data, transferId: id(), expectsSettlement: true, batchId: 'b' },
      };
    }
    const forfeited = purpose === 'refundable' && one([true, false]) === true;
    return {
      type: 'CreditCancelled',
      data: { ...data, cancellationId: id(), ...(forfeited && { forfeited }) },
    };
  },
  ({ transfers }, { id, one, upTo, base }) => {
    const transfer = one(transfers.filter((candidate) => transferPendingOf(candidate) > 0));
    if (transfer === undefined) return undefined;
    const data = { ...base, transferId: transfer.transferId, amount: upTo(transferPendingOf(transfer)) };
    return { type: 'TransferSettled', data: { ...data, settlementId: id(), externalReference: 'S1' } };
  },
  ({ transfers, fees }, { id, one, upTo, base }) => {
    const free = (feeId: string | null) => fees.find((fee) => fee.feeId === feeId)?.transferReversed === 0;
    const transfer = one(
      transfers.filter((candidate) => free(candidate.feeId) && transferPendingOf(candidate) > 0),
    );
    if (transfer === undefined) return undefined;
    const data = { ...base, transferId: transfer.transferId, amount: upTo(transferPendingOf(transfer)) };
    return { type: 'TransferRecalled', data: { ...data, recallId: id() } };
  },
  ({ payments }, { id, one, upTo, base }) => {
    const payment = one(
      payments.filter(({ allocations: [first] }) => first && first.reversed < first.amount),
    );
    const allocation = payment?.allocations[0];
    if (payment === undefined || allocation === undefined) return undefined;
    const part = upTo(allocation.amount - allocation.reversed);
    const allocations = [{ feeId: allocation.feeId, amount: part }];
    const data = { ...base, paymentId: payment.paymentId, amount: part, allocations, method: payment.method };
    return { type: 'PaymentReversed', data: { ...data, reversalId: id() } };
  },
  ({ payments, credits }, { id, one, upTo, base }) => {
    const left = (creditId: string | undefined) => {
      const credit = credits.find((candidate) => candidate.creditId === creditId);
      return credit === undefined ? 0 : unused(credit);
    };
    const payment = one(payments.filter(({ overpayment }) => left(overpayment?.creditId) > 0));
    if (payment === undefined) return undefined;
    const { paymentId, method, overpayment } = payment;
    const { creditId } = overpayment as OverpaidPart;
    const part = upTo(left(creditId));
    const data = { ...base, paymentId, amount: part, allocations: [], method };
    return {
      type: 'PaymentReversed',
      data: { ...data, reversalId: id(), overpayment: { creditId, amount: part } },
    };
  },
  ({ applications, waivers, refunds }, { id, one, base }) => {
    const application = one(
      applications.filter(({ allocations }) => !allocations.every(({ reversed }) => reversed)),
    );
    const waiver = one(waivers.filter(({ reversed }) => !reversed));
    const refund = one(refunds.filter(({ reversed }) => !reversed));
    if (application !== undefined && one([true, false])) {
      const { applicationId, creditId } = application;
      const allocations = application.allocations.map(({ feeId, amount: part }) => ({
        feeId,
        amount: amount(part),
      }));
      const data = { ...base, reversalId: id(), applicationId, creditId, allocations };
      return { type: 'CreditApplicationReversed', data };
    }
    if (waiver !== undefined) {
      const { waiverId, feeId } = waiver;
      const data = { ...base, reversalId: id(), waiverId, feeId, amount: amount(waiver.amount) };
      return { type: 'WaiverReversed', data };
    }
    if (refund === undefined) return undefined;
    const { refundId, creditId } = refund;
    return {
      type: 'RefundReversed',
      data: { ...base, reversalId: id(), refundId, creditId, amount: amount(refund.amount) },
    };
  },
];

const amount = (minor: number) => formatAmount(minor, 2);
const toMinor = (text: string) => Math.round(Number(text) * 100);

/** Histories in USD with every kind of event on fees and credits. */
export const histories: fc.Arbitrary<readonly AccountEvent[]> = fc
  .array(fc.array(fc.nat(), { minLength: 8, maxLength: 8 }), { maxLength: 40, size: '+1' })
  .map((choices) => historyOf(choices));

function historyOf(choices: readonly (readonly number[])[]): AccountEvent[] {
  const account = mutableCopy(emptyAccount());
  const events: AccountEvent[] = [];
  let ids = 0;
  for (const [position, [first = 0, ...rest]] of choices.entries()) {
    let drawn = 0;
    const next = () => rest[drawn++ % rest.length] as number;
    const day = String(1 + (position % 28)).padStart(2, '0');
    const draw: Draw = {
      one: (items) => items[next() % Math.max(1, items.length)],
      id: () => hostileNames[ids++] ?? `id-${ids}`,
      upTo: (limit) => amount(1 + (next() % limit)),
      base: { currency: 'USD', at: `2026-03-${day}T09:00:00Z` },
    };
    const step = steps[first % steps.length] as Step;
    const event = step(account, draw) ?? (steps[0] as Step)(account, draw);
    if (event === undefined) continue;
    apply(account, event);
    events.push(event);
  }
  return events;
}
