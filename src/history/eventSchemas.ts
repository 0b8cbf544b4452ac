import * as v from 'valibot';
import { accrualEndCauses } from '../account/accrual.js';
import type { AccountEventType } from '../account/events/accountEvent.js';
import { disputeOutcomes, unpaidOnReturn } from '../account/events/feeEvents.js';
import { circumstancesFields, itemField, nameField, textField } from '../account/fieldSchemas.js';
import { planEndCauses } from '../account/records.js';
import { dateField } from '../input/instant.js';
import { onlyFields } from '../input/plainObject.js';
import { minorDigits } from '../money/currency.js';
import { AMOUNT_DIGITS_MAX, parseAmount } from '../money/money.js';

/** The version of a stream with events. */
export const versionField = v.pipe(
  v.number('a version'),
  v.check((version) => Number.isSafeInteger(version) && version > 0, 'a version'),
);

/** A month of a calendar, such as `2026-03`. */
export const monthField = v.pipe(
  v.string('a month'),
  v.check((text) => /^\d{4}-(?:0[1-9]|1[0-2])$/.test(text), 'a month, YYYY-MM'),
);

/** A ledger account: its kind, followed by its codes. */
export const ledgerAccountField = v.pipe(
  v.array(nameField),
  v.check((names) => names.length > 0, 'a kind of ledger account'),
);

/** Technical metadata of an event. */
export const metadataField = onlyFields({
  commandId: v.exactOptional(nameField),
  commandDigest: v.exactOptional(textField),
  correlationId: v.exactOptional(textField),
  causationId: v.exactOptional(textField),
  sealed: v.exactOptional(v.string()),
});

/** The schemas that depend on the number of decimals of the event's currency. */
export type EventFields = ReturnType<typeof eventFields>;

/** Returns the schemas that depend on the number of decimals of the event's currency, for a number of decimals. */
export function eventFields(digits: number) {
  const expected = `digits with exactly ${digits} decimals, at most ${AMOUNT_DIGITS_MAX} of them in minor units`;
  const positive = `a positive amount: ${expected}`;
  const amount = v.pipe(
    v.string(positive),
    v.check((text) => parseAmount(text, digits) > 0, positive),
  );
  const amountOrZero = v.pipe(
    v.string(expected),
    v.check((text) => parseAmount(text, digits) >= 0, expected),
  );
  const currency = v.pipe(
    v.string('an ISO 4217 code'),
    v.check((code) => minorDigits(code) !== undefined, 'an ISO 4217 code'),
  );
  const allocation = v.strictObject({ feeId: nameField, amount });
  const creditPart = v.strictObject({ creditId: nameField, amount });
  return { amount, amountOrZero, currency, allocation, creditPart };
}

let names: ReadonlySet<AccountEventType> | undefined;

/** Returns the names of the events of accounts; made when they are first needed, since making the schemas takes time. */
export function accountEventTypes(): ReadonlySet<AccountEventType> {
  names ??= new Set(Object.keys(eventSchemas(eventFields(2))) as AccountEventType[]);
  return names;
}

/** The schemas of all events, by event name. */
export type EventSchemas = ReturnType<typeof eventSchemas>;

/**
 * Returns the schemas of all events: the storage format. Unknown fields are refused.
 *
 * @param fields - the result of {@link eventFields} for a currency
 * @returns the schemas by event name
 */
export function eventSchemas({ amount, amountOrZero, currency, allocation, creditPart }: EventFields) {
  const money = { amount, currency };
  const id = nameField;
  const name = v.exactOptional(nameField);
  const text = v.exactOptional(textField);
  const item = v.exactOptional(itemField);
  const percent = v.pipe(v.number(), v.minValue(0), v.maxValue(100));
  const vatPercent = v.pipe(v.number(), v.gtValue(0), v.maxValue(100));
  const withdrawn = v.strictObject({
    creditId: id,
    amount: amountOrZero,
    cancelled: v.exactOptional(amount),
  });
  const shortfall = v.strictObject({ feeId: id, amount, creditId: id });
  const ofTransaction = {
    externalTransactionId: name,
    externalTransactionTotal: v.exactOptional(amount),
  };
  const provided = { ...ofTransaction, reference: text };
  const transferFields = {
    batchId: name,
    destination: name,
    expectsSettlement: v.boolean(),
    externalReference: text,
  };
  const event = <Type extends AccountEventType, Fields extends v.ObjectEntries>(type: Type, fields: Fields) =>
    v.strictObject({
      type: v.literal(type),
      data: v.strictObject({ ...circumstancesFields, ...fields }),
      metadata: v.exactOptional(metadataField),
    });

  return {
    FeeAssessed: event('FeeAssessed', {
      feeId: id,
      ...money,
      feeType: nameField,
      owner: nameField,
      lostItem: v.exactOptional(v.boolean()),
      item,
      loanId: name,
      incidentId: name,
      accruing: v.exactOptional(v.boolean()),
      total: v.exactOptional(amount),
      vatPercent: v.exactOptional(vatPercent),
    }),
    FeeIncreased: event('FeeIncreased', {
      increaseId: id,
      feeId: id,
      amount: amountOrZero,
      total: amount,
      currency,
    }),
    AccrualEnded: event('AccrualEnded', {
      endId: id,
      feeId: id,
      cause: v.picklist(accrualEndCauses),
      total: amountOrZero,
      currency,
    }),
    FeeWaived: event('FeeWaived', {
      waiverId: id,
      feeId: id,
      ...money,
      writeOff: v.exactOptional(v.boolean()),
    }),
    WaiverReversed: event('WaiverReversed', { reversalId: id, waiverId: id, feeId: id, ...money }),
    FeeDisputed: event('FeeDisputed', { disputeId: id, feeId: id }),
    DisputeResolved: event('DisputeResolved', {
      disputeId: id,
      feeId: id,
      outcome: v.picklist(disputeOutcomes),
    }),
    LostItemReturned: event('LostItemReturned', {
      returnId: id,
      feeId: id,
      refundPercent: percent,
      unpaid: v.picklist(unpaidOnReturn),
    }),
    FeeCancelled: event('FeeCancelled', {
      cancellationId: id,
      feeId: id,
      amount: amountOrZero,
      currency,
      accrual: v.exactOptional(v.boolean()),
      total: v.exactOptional(amountOrZero),
    }),

    PaymentReceived: event('PaymentReceived', {
      paymentId: id,
      ...money,
      method: nameField,
      ...provided,
      allocations: v.array(allocation),
      overpayment: v.exactOptional(creditPart),
      feesNamed: v.exactOptional(v.array(nameField)),
      part: v.exactOptional(v.literal('rest')),
    }),
    PaymentReversed: event('PaymentReversed', {
      reversalId: id,
      paymentId: id,
      ...money,
      method: nameField,
      allocations: v.array(allocation),
      overpayment: v.exactOptional(withdrawn),
      shortfall: v.exactOptional(shortfall),
      ...ofTransaction,
    }),

    LostItemCreditIssued: event('LostItemCreditIssued', {
      creditId: id,
      feeId: id,
      ...money,
      cause: v.picklist(['waived', 'returned']),
      purpose: v.picklist(['setOff', 'refundable', 'external']),
      refundPercent: v.exactOptional(percent),
      writeOff: v.exactOptional(v.boolean()),
    }),
    CreditIssued: event('CreditIssued', {
      creditId: id,
      ...money,
      feeId: name,
      owner: name,
      item,
      cause: v.picklist(['manual', 'imported', 'cancelled', 'waived', 'settlement']),
      purpose: v.picklist(['refundable', 'external', 'goodwill']),
      accrual: v.exactOptional(v.boolean()),
      writeOff: v.exactOptional(v.boolean()),
    }),
    CreditApplied: event('CreditApplied', {
      applicationId: id,
      creditId: id,
      allocations: v.array(allocation),
      currency,
    }),
    CreditApplicationReversed: event('CreditApplicationReversed', {
      reversalId: id,
      applicationId: id,
      creditId: id,
      allocations: v.array(allocation),
      currency,
    }),
    CreditRefunded: event('CreditRefunded', {
      refundId: id,
      creditId: id,
      ...money,
      method: nameField,
      ...provided,
    }),
    RefundReversed: event('RefundReversed', { reversalId: id, refundId: id, creditId: id, ...money }),
    CreditCancelled: event('CreditCancelled', {
      cancellationId: id,
      creditId: id,
      ...money,
      forfeited: v.exactOptional(v.boolean()),
    }),

    PaymentPlanAgreed: event('PaymentPlanAgreed', {
      planId: id,
      feeIds: v.array(nameField),
      currency,
      instalments: v.array(v.strictObject({ dueOn: dateField, amount })),
    }),
    PaymentPlanEnded: event('PaymentPlanEnded', { planId: id, cause: v.picklist(planEndCauses) }),

    AccountMerged: event('AccountMerged', { mergeId: id, into: nameField }),
    AccountJoined: event('AccountJoined', { mergeId: id, from: nameField }),
    AccountSeparated: event('AccountSeparated', { mergeId: id }),
    AccountPurged: event('AccountPurged', {
      purgeId: id,
      events: versionField,
      afterDays: v.exactOptional(versionField),
      currency,
      totals: v.array(
        v.strictObject({
          month: monthField,
          account: ledgerAccountField,
          side: v.picklist(['debit', 'credit']),
          amount,
          desk: v.exactOptional(nameField),
          vatPercent: v.exactOptional(vatPercent),
        }),
      ),
    }),

    FeeTransferred: event('FeeTransferred', { transferId: id, feeId: id, ...money, ...transferFields }),
    CreditTransferred: event('CreditTransferred', {
      transferId: id,
      creditId: id,
      ...money,
      ...transferFields,
    }),
    TransferSettled: event('TransferSettled', {
      settlementId: id,
      transferId: id,
      ...money,
      surplus: v.exactOptional(creditPart),
      externalReference: text,
    }),
    SettlementReversed: event('SettlementReversed', {
      reversalId: id,
      settlementId: id,
      transferId: id,
      amount: amountOrZero,
      currency,
      surplus: v.exactOptional(withdrawn),
      shortfall: v.exactOptional(shortfall),
      externalReference: text,
    }),
    TransferRecalled: event('TransferRecalled', {
      recallId: id,
      transferId: id,
      ...money,
      setOff: v.exactOptional(v.array(creditPart)),
    }),
  };
}
