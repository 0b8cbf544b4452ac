import * as v from 'valibot';
import { actorField, nameField } from '../../account/fieldSchemas.js';
import type { Fault } from '../../errors.js';
import { dateField, instantField } from '../../input/instant.js';
import { minorDigits } from '../../money/currency.js';
import type { OnlinePaymentEvent } from './onlinePaymentEvents.js';

const amount = v.pipe(v.string(), v.regex(/^(?:0|[1-9]\d{0,11})(?:\.\d+)?$/, 'an amount'));
const signed = v.pipe(v.string(), v.regex(/^-?(?:0|[1-9]\d{0,11})(?:\.\d+)?$/, 'an amount'));
const percent = v.pipe(v.number(), v.minValue(0, 'a percentage'), v.maxValue(100, 'a percentage'));

const base = { onlinePaymentId: nameField, currency: nameField, at: instantField, by: actorField };
const kind = v.picklist(['capture', 'return']);

/** The schema of the kind of a return. */
export const returnKindField = v.picklist(['refund', 'chargeback']);

/** The schema of the cause of an end. */
export const endCauseField = v.picklist(['completed', 'cancelled', 'failed', 'expired', 'replaced']);

const event = <Type extends string, Fields extends v.ObjectEntries>(type: Type, fields: Fields) =>
  v.strictObject({ type: v.literal(type), data: v.strictObject({ ...base, ...fields }) });

/** The schemas of the events of online payments. */
export const onlinePaymentSchemas = [
  event('OnlinePaymentStarted', {
    parts: v.pipe(
      v.array(v.strictObject({ patronId: nameField, feeId: nameField, amount })),
      v.nonEmpty('at least one part'),
    ),
    amount,
    serviceFee: amount,
    serviceFeeVatPercent: v.exactOptional(percent),
    total: amount,
    method: nameField,
    shortfallFee: v.exactOptional(v.strictObject({ feeType: nameField, owner: nameField })),
    expiresAt: instantField,
  }),
  event('OnlinePaymentCaptured', {
    method: nameField,
    externalTransactionId: nameField,
    otherIds: v.exactOptional(v.array(nameField)),
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
  event('OnlinePaymentReturned', {
    method: nameField,
    externalTransactionId: nameField,
    of: nameField,
    kind: returnKindField,
    amount,
    serviceFee: amount,
    accounts: v.array(v.strictObject({ patronId: nameField, amount })),
  }),
  event('OnlinePaymentRecorded', {
    kind,
    externalTransactionId: nameField,
    patronId: nameField,
    recordedId: nameField,
    amount,
    credited: v.exactOptional(amount),
    byOthers: v.exactOptional(amount),
  }),
  event('OnlinePaymentEnded', { cause: endCauseField, final: v.boolean() }),
  event('OnlinePaymentPaidOut', {
    rowId: nameField,
    kind,
    externalTransactionId: nameField,
    amount: signed,
    payoutId: nameField,
    paidOn: dateField,
    gross: signed,
    fee: signed,
    payoutCurrency: nameField,
  }),
] as const;

/** The fields with amounts in the payment's currency, and those in the currency of the payout. */
const amountFields = new Set(['amount', 'serviceFee', 'total', 'credited', 'byOthers']);
const payoutFields = new Set(['gross', 'fee']);

/** Returns the amounts of an event that do not have exactly the decimals of their currency. */
export function onlineDigitFaults({ data }: OnlinePaymentEvent): readonly Fault[] {
  const faults: Fault[] = [];
  const digits = minorDigits(data.currency);
  const payoutDigits = 'payoutCurrency' in data ? minorDigits(data.payoutCurrency) : digits;
  if (digits === undefined)
    faults.push({ path: 'data.currency', expected: 'an ISO 4217 code', found: data.currency });
  if (payoutDigits === undefined && 'payoutCurrency' in data)
    faults.push({ path: 'data.payoutCurrency', expected: 'an ISO 4217 code', found: data.payoutCurrency });
  const check = (value: unknown, path: string, name: string): void => {
    if (Array.isArray(value)) for (const [index, one] of value.entries()) check(one, `${path}[${index}]`, '');
    else if (typeof value === 'object' && value !== null)
      for (const [key, one] of Object.entries(value)) check(one, `${path}.${key}`, key);
    else {
      const wanted = amountFields.has(name) ? digits : payoutFields.has(name) ? payoutDigits : undefined;
      if (wanted === undefined || (String(value).split('.')[1] ?? '').length === wanted) return;
      faults.push({ path, expected: `an amount with ${wanted} decimals`, found: String(value) });
    }
  };
  check(data, 'data', '');
  return faults;
}
