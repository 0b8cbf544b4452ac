import * as v from 'valibot';
import { actorField, nameField, recordedApproverField, textField } from '../../account/fieldSchemas.js';
import { dateField, instantField } from '../../input/instant.js';
import { minorDigits } from '../../money/currency.js';
import { anySignedField, type OfficeFields } from '../officeFields.js';

const percent = v.pipe(v.number(), v.minValue(0, 'a percentage'), v.maxValue(100, 'a percentage'));

const kind = v.picklist(['capture', 'return']);

/** The schema of the kind of a return. */
export const returnKindField = v.picklist(['refund', 'chargeback']);

/** The schema of the cause of an end. */
export const endCauseField = v.picklist(['completed', 'cancelled', 'failed', 'expired', 'replaced']);

/** The schema of how something is settled. */
export const settlementField = v.picklist(['apart', 'follows', 'record', 'rows', 'aboveTotal', 'reversed']);

const PAYOUT_DECIMALS = 'an amount with the decimals of payoutCurrency';

/** Returns the schemas of the events of online payments, by event name. */
export function onlinePaymentSchemas({ amount, signed, currency }: OfficeFields) {
  const base = { onlinePaymentId: nameField, currency, at: instantField, by: actorField };
  const event = <Type extends string, Fields extends v.ObjectEntries>(type: Type, fields: Fields) =>
    v.strictObject({ type: v.literal(type), data: v.strictObject({ ...base, ...fields }) });
  const returnedAccounts = v.array(v.strictObject({ patronId: nameField, amount }));
  const keptBase = { keptId: nameField, currency, at: instantField, by: actorField };
  const rowBase = {
    rowId: nameField,
    method: nameField,
    amount: signed,
    currency,
    at: instantField,
    by: actorField,
  };
  const keptCapture = {
    onlinePaymentId: nameField,
    externalTransactionId: nameField,
    amount,
    currency,
  };
  const kept = <Kind extends string, Told extends v.ObjectEntries>(of: Kind, told: Told) =>
    v.strictObject({ ...keptBase, kind: v.literal(of), told: v.strictObject(told), because: nameField });

  return {
    OnlinePaymentStarted: event('OnlinePaymentStarted', {
      parts: v.pipe(
        v.array(v.strictObject({ patronId: nameField, feeId: nameField, amount })),
        v.minLength(1, 'at least one part'),
      ),
      amount,
      serviceFee: amount,
      serviceFeeVatPercent: v.exactOptional(percent),
      total: amount,
      method: nameField,
      shortfallFee: v.exactOptional(v.strictObject({ feeType: nameField, owner: nameField })),
      expiresAt: instantField,
    }),
    OnlinePaymentCaptured: event('OnlinePaymentCaptured', {
      method: nameField,
      externalTransactionId: nameField,
      rowId: v.exactOptional(nameField),
      amount,
      serviceFee: amount,
      accounts: v.array(
        v.strictObject({
          patronId: nameField,
          amount,
          allocations: v.array(v.strictObject({ feeId: nameField, amount })),
        }),
      ),
    }),
    OnlinePaymentReturned: event('OnlinePaymentReturned', {
      method: nameField,
      externalTransactionId: nameField,
      of: nameField,
      kind: returnKindField,
      amount,
      serviceFee: amount,
      accounts: returnedAccounts,
      others: v.exactOptional(
        v.array(v.strictObject({ of: nameField, serviceFee: amount, accounts: returnedAccounts })),
      ),
      reason: v.exactOptional(textField),
    }),
    OnlinePaymentPending: event('OnlinePaymentPending', { until: instantField }),
    OnlinePaymentSettled: event('OnlinePaymentSettled', {
      what: settlementField,
      kind,
      externalTransactionId: nameField,
      patronId: v.exactOptional(nameField),
      amount: signed,
      reason: v.exactOptional(textField),
      approvedBy: v.exactOptional(recordedApproverField),
    }),
    OnlinePaymentRecorded: event('OnlinePaymentRecorded', {
      kind,
      externalTransactionId: nameField,
      patronId: nameField,
      recordedId: nameField,
      amount,
      credited: v.exactOptional(amount),
      byOthers: v.exactOptional(amount),
    }),
    OnlineReportKept: v.strictObject({
      type: v.literal('OnlineReportKept'),
      data: v.variant('kind', [
        kept('capture', keptCapture),
        kept('return', {
          ...keptCapture,
          of: nameField,
          kind: returnKindField,
          accounts: v.exactOptional(returnedAccounts),
        }),
        kept('row', {
          rowId: nameField,
          reference: v.nullable(v.string()),
          transaction: v.nullable(v.string()),
          of: v.exactOptional(v.string()),
          type: v.picklist(['capture', 'refund', 'chargeback', 'other']),
          amount: signed,
          currency,
          gross: anySignedField,
          fee: anySignedField,
          net: anySignedField,
          payoutCurrency: currency,
          payoutId: nameField,
          paidOn: dateField,
          failedPayout: v.exactOptional(nameField),
          method: v.exactOptional(nameField),
        }),
      ]),
    }),
    OnlineReportSettled: v.strictObject({
      type: v.literal('OnlineReportSettled'),
      data: v.strictObject({
        ...keptBase,
        how: v.picklist(['recorded', 'settled', 'reopened']),
        reason: v.exactOptional(textField),
        approvedBy: v.exactOptional(recordedApproverField),
        posted: v.exactOptional(v.strictObject({ method: nameField, gross: signed, fee: signed, currency })),
      }),
    }),
    ProviderRowRecorded: v.strictObject({
      type: v.literal('ProviderRowRecorded'),
      data: v.strictObject({
        ...rowBase,
        payoutId: nameField,
        paidOn: dateField,
        failedPayout: v.exactOptional(nameField),
        instead: v.exactOptional(nameField),
      }),
    }),
    ProviderRowReversed: v.strictObject({
      type: v.literal('ProviderRowReversed'),
      data: v.strictObject(rowBase),
    }),
    OnlinePaymentEnded: event('OnlinePaymentEnded', {
      cause: endCauseField,
      final: v.boolean(),
      reason: v.exactOptional(textField),
    }),
    OnlinePaymentPaidOut: v.strictObject({
      type: v.literal('OnlinePaymentPaidOut'),
      data: v.pipe(
        v.strictObject({
          ...base,
          rowId: nameField,
          kind,
          externalTransactionId: nameField,
          amount: signed,
          payoutId: nameField,
          paidOn: dateField,
          gross: anySignedField,
          fee: anySignedField,
          payoutCurrency: currency,
          instead: v.exactOptional(nameField),
        }),
        v.forward(
          v.check(({ gross, payoutCurrency }) => hasDecimals(gross, payoutCurrency), PAYOUT_DECIMALS),
          ['gross'],
        ),
        v.forward(
          v.check(({ fee, payoutCurrency }) => hasDecimals(fee, payoutCurrency), PAYOUT_DECIMALS),
          ['fee'],
        ),
      ),
    }),
  };
}

/** Returns whether an amount has the decimals of a currency. */
function hasDecimals(amount: string, currency: string): boolean {
  return (amount.split('.')[1] ?? '').length === minorDigits(currency);
}
