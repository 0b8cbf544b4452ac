import * as v from 'valibot';
import { actorField, nameField, textField } from '../account/fieldSchemas.js';
import { dateField, instantField } from '../input/instant.js';
import { wholeNumber } from '../input/wholeNumber.js';
import { bankDifferenceField, bankItemsField } from './bank/bankSchemas.js';
import { noticeSentSchema } from './notices/noticeSent.js';
import { onlinePaymentSchemas } from './onlinePayments/onlinePaymentSchemas.js';
import { receiptKinds } from './receipts/receiptIssued.js';
import { tillActorField } from './till/tillCommands.js';

const amount = v.pipe(v.string(), v.regex(/^(?:0|[1-9]\d*)(?:\.\d+)?$/, 'an amount'));
const signed = v.pipe(v.string(), v.regex(/^(?:0|-?[1-9]\d*|-?(?:0|[1-9]\d*)\.\d+)$/, 'an amount'));

const tillBase = {
  sessionId: nameField,
  currency: nameField,
  at: instantField,
  by: tillActorField,
  comment: v.exactOptional(textField),
};
const remittanceBase = {
  remittanceId: nameField,
  destination: v.exactOptional(nameField),
  currency: nameField,
  at: instantField,
  by: tillActorField,
  comment: v.exactOptional(textField),
};
const metadata = v.strictObject({ commandId: nameField, commandDigest: nameField });

const bankBase = {
  currency: nameField,
  at: instantField,
  by: tillActorField,
  comment: v.exactOptional(textField),
};

const receiptFields = {
  series: nameField,
  patronId: nameField,
  kind: v.picklist(receiptKinds),
  subjectId: nameField,
  accountVersion: wholeNumber(1),
  amount,
  currency: nameField,
  at: instantField,
  by: tillActorField,
  others: v.exactOptional(
    v.array(v.strictObject({ patronId: nameField, accountVersion: wholeNumber(1), amount })),
  ),
};

const sealFields = {
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
  sums: v.array(v.strictObject({ account: v.array(v.string()), currency: nameField, amount: signed })),
  known: wholeNumber(0),
  signature: v.exactOptional(textField),
  at: instantField,
  by: v.exactOptional(actorField),
};

const job = v.strictObject({ correlationId: nameField });

/**
 * The schema of the events of the office. The decimals of amounts depend on the currency, and are checked separately.
 */
export const officeEventSchema = v.variant(
  'type',
  [
    v.strictObject({
      type: v.literal('TillOpened'),
      data: v.strictObject({ ...tillBase, float: amount, floatMethod: nameField }),
      metadata,
    }),
    v.strictObject({
      type: v.literal('TillMoneyMoved'),
      data: v.strictObject({
        ...tillBase,
        movementId: nameField,
        direction: v.picklist(['in', 'out']),
        amount,
      }),
      metadata,
    }),
    v.strictObject({
      type: v.literal('TillClosed'),
      data: v.strictObject({
        ...tillBase,
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
        depositReference: v.exactOptional(textField),
      }),
      metadata,
    }),
    v.strictObject({
      type: v.literal('RemittanceRecorded'),
      data: v.strictObject({
        ...remittanceBase,
        direction: v.picklist(['received', 'paid']),
        amount,
        commission: amount,
        surplus: amount,
        reference: v.exactOptional(textField),
      }),
      metadata,
    }),
    v.strictObject({
      type: v.literal('RemittanceReversed'),
      data: v.strictObject({ ...remittanceBase, reversalId: nameField, amount }),
      metadata,
    }),
    v.strictObject({
      type: v.literal('SafeDeposited'),
      data: v.strictObject({
        ...bankBase,
        depositId: nameField,
        method: nameField,
        amount,
        reference: v.exactOptional(textField),
      }),
      metadata,
    }),
    v.strictObject({
      type: v.literal('BankEntryConfirmed'),
      data: v.strictObject({
        ...bankBase,
        confirmationId: nameField,
        entryId: nameField,
        bookedOn: dateField,
        amount: signed,
        items: bankItemsField(signed),
        difference: v.exactOptional(bankDifferenceField(signed)),
      }),
      metadata,
    }),
    v.strictObject({
      type: v.literal('BankRecordReversed'),
      data: v.strictObject({ ...bankBase, reversalId: nameField, recordId: nameField, amount: signed }),
      metadata,
    }),
    v.strictObject({
      type: v.literal('ReceiptRequested'),
      data: v.strictObject({ ...receiptFields, payer: v.exactOptional(nameField) }),
    }),
    v.strictObject({
      type: v.literal('ReceiptIssued'),
      data: v.strictObject({ ...receiptFields, number: wholeNumber(1) }),
    }),
    ...onlinePaymentSchemas,
    noticeSentSchema,
    v.strictObject({
      type: v.literal('PeriodSealed'),
      data: v.strictObject(sealFields),
      metadata: v.exactOptional(job),
    }),
    v.strictObject({
      type: v.literal('PurgeRecorded'),
      data: v.strictObject({
        purgeId: nameField,
        patronId: nameField,
        version: wholeNumber(1),
        seal: wholeNumber(1),
        at: instantField,
        by: actorField,
      }),
      metadata: job,
    }),
    v.strictObject({
      type: v.literal('PolicyRecorded'),
      data: v.strictObject({
        number: wholeNumber(1),
        from: instantField,
        policy: v.record(v.string(), v.unknown()),
        changed: v.array(v.string()),
        at: instantField,
        by: tillActorField,
        comment: v.exactOptional(textField),
      }),
      metadata,
    }),
  ],
  'the name of an event of the office',
);
