import * as v from 'valibot';
import { accountList, base, count, decimal, given, list, record, saying, text } from './fields.js';

const day = v.pipe(text, v.regex(/^\d{4}-\d\d-\d\d$/, 'a day as YYYY-MM-DD'));
const interval = v.strictTuple([day, day], 'two days');

/** An operation at a service point by one member of staff, on one account or on several at once. */
const entry = given({
  op: v.picklist(
    ['pay', 'waive', 'transfer', 'refund', 'cancel'],
    'one of pay, waive, transfer, refund, cancel',
  ),
  at: v.pipe(text, v.isoTimestamp('a time as 2020-01-01T12:00:00Z')),
  servicePoint: text,
  source: text,
  method: v.optional(text),
  reason: v.optional(text),
  transferAccount: v.optional(text),
  of: v.pipe(list(given({ account: text, amount: decimal })), v.minLength(1, 'at least one account')),
});

const total = record({ amount: decimal, count });
const totals = v.optional(list(record({ name: text, amount: decimal, count })));

const expectation = saying(
  record({
    bySource: totals,
    byPaymentMethod: totals,
    byFeeFineType: totals,
    byFeeFineOwner: totals,
    byAction: totals,
    byWaiveReason: totals,
    byRefundReason: totals,
    byTransferAccount: totals,
    total: v.optional(total),
    note: v.optional(text),
  }),
);

/** A scenario about FOLIO's reconciliation of a cash drawer, or its report of financial transactions. */
export const tillScenario = record({
  ...base,
  given: given({
    accounts: accountList(given({ ref: text, amount: decimal, type: text, owner: text })),
    ledger: list(entry),
  }),
  when: v.variant(
    'op',
    [
      given({
        op: v.literal('cash-drawer-report'),
        interval,
        servicePoint: text,
        sources: v.optional(list(text)),
      }),
      given({
        op: v.literal('financial-transactions-report'),
        interval,
        owner: text,
        servicePoints: list(text),
      }),
    ],
    'refund-report, cash-drawer-report or financial-transactions-report',
  ),
  // biome-ignore lint/suspicious/noThenProperty: the files call it so
  then: expectation,
  betterThen: v.optional(expectation),
});

export type TillScenario = v.InferOutput<typeof tillScenario>;
