import * as v from 'valibot';
import { base, count, decimal, flag, given, list, record, rows, saying, text } from './fields.js';

const lostOps = ['pay', 'waive', 'transfer', 'refund', 'cancel', 'age-to-lost', 'declare-lost'] as const;
const lostHistory = given({
  op: v.picklist(lostOps, `one of ${lostOps.join(', ')}`),
  amount: v.optional(decimal),
  on: v.optional(text),
});
const price = v.nullish(decimal);

const expected = saying(
  record({
    accounts: v.optional(rows),
    refunded: v.optional(decimal),
    owed: v.optional(decimal),
    owedBefore: v.optional(decimal),
    accountCount: v.optional(count),
    openCount: v.optional(count),
    lostFees: v.optional(count),
    itemStatus: v.optional(text),
    loanClosed: v.optional(flag),
    overdueFineCreated: v.optional(flag),
    actualCostRecord: v.optional(text),
  }),
);

/** A scenario about a lost item. */
export const lostScenario = record({
  ...base,
  given: given({
    policy: v.optional(
      given({
        itemFee: price,
        processingFee: price,
        processingFeeAged: price,
        processingFeeDeclared: price,
        refundProcessingFee: v.optional(flag),
        refundWindow: v.nullish(text),
        overdueOnReturn: v.optional(flag),
        chargeType: v.optional(text),
      }),
    ),
    history: v.optional(list(lostHistory), []),
    fees: v.optional(list(text)),
    paid: v.optional(list(text)),
    actualCostRecord: v.optional(text),
  }),
  when: given({
    op: v.picklist(
      ['return-or-renew-lost-item', 'declare-lost', 'loan-fee-closed-event'],
      'one of return-or-renew-lost-item, declare-lost, loan-fee-closed-event',
    ),
    after: v.optional(text),
  }),
  // biome-ignore lint/suspicious/noThenProperty: the files call it so
  then: expected,
  betterThen: v.optional(expected),
});

export type LostScenario = v.InferOutput<typeof lostScenario>;
