import * as v from 'valibot';
import { actorField, nameField, textField } from '../account/fieldSchemas.js';
import { instantField } from '../input/instant.js';
import { wholeNumber } from '../input/wholeNumber.js';
import { noticeKinds } from '../policy/notices.js';
import {
  bankDifferenceField,
  bankEntryFields,
  bankItemField,
  bankItemsField,
  matchedByField,
} from './bank/bankSchemas.js';
import { anySignedField, type OfficeFields, officeCircumstances, ofOfficeCommand } from './officeFields.js';
import { onlinePaymentSchemas } from './onlinePayments/onlinePaymentSchemas.js';
import { receiptKinds } from './receipts/receiptIssued.js';

/** The schemas of all events of the office, by event name. */
export type OfficeEventSchemas = ReturnType<typeof officeEventSchemas>;

const name = v.exactOptional(nameField);
const text = v.exactOptional(textField);

/** The metadata of an event that a command caused. */
const ofCommand = v.strictObject({ commandId: nameField, commandDigest: nameField });

/** Who approved a job. */
const jobApproved = v.strictObject({ userId: nameField });

/** The metadata of an event that a job caused. */
const ofJob = v.strictObject({ correlationId: nameField });

const sum = v.strictObject({
  account: v.array(v.string()),
  currency: nameField,
  amount: anySignedField,
});

/**
 * Returns the schemas of all events of the office: the storage format. Unknown fields are refused.
 *
 * @param fields - the result of {@link officeFields} for a currency
 * @returns the schemas by event name
 */
export function officeEventSchemas(fields: OfficeFields) {
  const { amount, signed, currency } = fields;
  const ofTill = { sessionId: nameField, currency, ...ofOfficeCommand };
  const ofRemittance = { remittanceId: nameField, destination: name, currency, ...ofOfficeCommand };
  const ofBank = { currency, ...ofOfficeCommand };
  const receipt = {
    series: nameField,
    patronId: nameField,
    kind: v.picklist(receiptKinds),
    subjectId: nameField,
    accountVersion: wholeNumber(1),
    amount,
    currency,
    at: instantField,
    by: officeCircumstances.by,
    others: v.exactOptional(
      v.array(v.strictObject({ patronId: nameField, accountVersion: wholeNumber(1), amount })),
    ),
    payments: v.exactOptional(v.array(v.strictObject({ paymentId: nameField, amount }))),
  };
  const caused = <Type extends string, Data extends v.ObjectEntries>(type: Type, data: Data) =>
    v.strictObject({ type: v.literal(type), data: v.strictObject(data), metadata: ofCommand });
  const recorded = <Type extends string, Data extends v.ObjectEntries>(type: Type, data: Data) =>
    v.strictObject({ type: v.literal(type), data: v.strictObject(data) });

  return {
    TillOpened: caused('TillOpened', { ...ofTill, float: amount, floatMethod: nameField }),
    TillMoneyMoved: caused('TillMoneyMoved', {
      ...ofTill,
      movementId: nameField,
      direction: v.picklist(['in', 'out']),
      amount,
    }),
    TillClosed: caused('TillClosed', {
      ...ofTill,
      closingId: nameField,
      counts: v.array(
        v.strictObject({
          method: nameField,
          takings: signed,
          expected: signed,
          counted: signed,
          difference: signed,
          deposit: signed,
        }),
      ),
      depositReference: text,
      takenUntil: v.exactOptional(instantField),
      differenceAbove: v.exactOptional(amount),
    }),
    TillDifferenceAccepted: caused('TillDifferenceAccepted', { ...ofTill, acceptanceId: nameField, amount }),

    RemittanceRecorded: caused('RemittanceRecorded', {
      ...ofRemittance,
      direction: v.picklist(['received', 'paid']),
      amount,
      commission: amount,
      surplus: amount,
      reference: text,
    }),
    RemittanceReversed: caused('RemittanceReversed', { ...ofRemittance, reversalId: nameField, amount }),

    SafeDeposited: caused('SafeDeposited', {
      ...ofBank,
      depositId: nameField,
      method: nameField,
      amount,
      reference: text,
    }),
    BankEntryConfirmed: caused('BankEntryConfirmed', {
      ...ofBank,
      confirmationId: nameField,
      ...bankEntryFields,
      amount: signed,
      items: bankItemsField(signed),
      difference: v.exactOptional(bankDifferenceField(signed)),
      matchedBy: v.exactOptional(matchedByField),
    }),
    BankItemEnded: caused('BankItemEnded', {
      ...ofBank,
      endingId: nameField,
      item: bankItemField(signed),
      reason: name,
    }),
    BankEntryBooked: caused('BankEntryBooked', {
      ...ofBank,
      bookingId: nameField,
      ...bankEntryFields,
      amount: signed,
      reason: nameField,
    }),
    BankRecordReversed: caused('BankRecordReversed', {
      ...ofBank,
      reversalId: nameField,
      recordId: nameField,
      amount: signed,
    }),

    ...onlinePaymentSchemas(fields),

    ReceiptRequested: recorded('ReceiptRequested', { ...receipt, payer: name, paidWith: name }),
    ReceiptIssued: recorded('ReceiptIssued', { ...receipt, number: wholeNumber(1) }),
    ReceiptSeriesClosed: recorded('ReceiptSeriesClosed', {
      series: nameField,
      lastNumber: wholeNumber(1),
      at: instantField,
      by: officeCircumstances.by,
    }),

    NoticeSent: v.strictObject({
      type: v.literal('NoticeSent'),
      data: v.strictObject({
        patronId: nameField,
        kind: v.picklist(noticeKinds),
        told: v.array(textField),
        at: instantField,
        by: actorField,
      }),
      metadata: v.exactOptional(ofJob),
    }),

    FileImported: recorded('FileImported', {
      jobId: nameField,
      sha256: nameField,
      rows: wholeNumber(1),
      at: instantField,
      by: v.exactOptional(actorField),
    }),

    PeriodSealed: v.strictObject({
      type: v.literal('PeriodSealed'),
      data: v.strictObject({
        number: wholeNumber(1),
        cutoff: instantField,
        timeZone: nameField,
        basis: v.picklist(['accrual', 'cash']),
        lostItems: v.picklist(['gross', 'net']),
        rule: nameField,
        file: nameField,
        total: nameField,
        previous: v.nullable(nameField),
        accounts: wholeNumber(0),
        officeStreams: wholeNumber(0),
        events: wholeNumber(0),
        sums: v.array(sum),
        known: wholeNumber(0),
        signature: text,
        at: instantField,
        by: v.exactOptional(actorField),
        approvedBy: v.exactOptional(jobApproved),
      }),
      metadata: v.exactOptional(ofJob),
    }),
    MonthClosed: v.strictObject({
      type: v.literal('MonthClosed'),
      data: v.strictObject({
        seal: wholeNumber(1),
        files: v.array(v.strictObject({ name: nameField, bytes: wholeNumber(0), sha256: nameField })),
        at: instantField,
        by: v.exactOptional(actorField),
      }),
      metadata: v.exactOptional(ofJob),
    }),
    PurgeRecorded: v.strictObject({
      type: v.literal('PurgeRecorded'),
      data: v.strictObject({
        purgeId: nameField,
        patronId: nameField,
        version: wholeNumber(1),
        seal: wholeNumber(1),
        at: instantField,
        by: actorField,
        approvedBy: v.exactOptional(jobApproved),
      }),
      metadata: ofJob,
    }),

    PolicyRecorded: caused('PolicyRecorded', {
      number: wholeNumber(1),
      from: instantField,
      policy: v.record(v.string(), v.unknown()),
      changed: v.array(v.string()),
      ...officeCircumstances,
    }),
  };
}
