import * as v from 'valibot';
import { readFolioAmount } from './folioAmount.js';

/** The suites that are played, and the ones that ask for what this library does not do. */
export const playedSuites = [
  'single-action',
  'bulk-action',
  'check',
  'refund',
  'cancel',
  'split',
  'derived',
  'lost-refund',
  'patron-block',
  'report',
] as const;

export const otherSuites: Readonly<Record<string, string>> = {
  money:
    'FOLIO rounds whatever it reads and keeps the unrounded number; here no amount is rounded when it is read',
  overdue: 'computing overdue fines, with grace periods and opening hours, is left to the circulation system',
  reminder: 'when a reminder costs a fee is left to the circulation system',
  'actual-cost': 'a cost that is not known yet is no fee; the circulation system charges it once it is',
  policy: 'how overdue fines and lost items are priced is configured where it is computed, not here',
  'fee-type': 'fee types are a table of the policy, not records that an API creates and deletes',
  events:
    "FOLIO's records can be written over with any figures and announce that; here an account has only events",
};

const text = v.string('text');
const decimal = v.pipe(
  v.string('a decimal number as text'),
  v.check((amount) => readFolioAmount(amount) !== undefined, 'a decimal number as text'),
);
const flag = v.boolean('true or false');
const list = <Item extends v.GenericSchema>(item: Item) => v.array(item, 'a list');
const accountList = <Item extends v.GenericSchema<unknown, { readonly ref: string }>>(item: Item) =>
  v.pipe(
    list(item),
    v.check(
      (rows) => new Set(rows.map(({ ref }) => ref)).size === rows.length,
      'accounts of which no two have one ref',
    ),
  );
const record = <Entries extends v.ObjectEntries>(entries: Entries) => v.looseObject(entries, 'an object');

const actions = ['pay', 'waive', 'transfer', 'refund', 'cancel'] as const;
const checks = ['check-pay', 'check-waive', 'check-transfer', 'check-refund'] as const;

const ledgerEntry = record({
  op: v.picklist(['pay', 'waive', 'transfer', 'refund'], 'one of pay, waive, transfer, refund'),
  amount: decimal,
  target: v.optional(text),
});

/** A fee, as FOLIO keeps one. `ledger` records what was done before, without changing the row. */
const account = record({
  ref: text,
  amount: decimal,
  remaining: decimal,
  status: v.picklist(['Open', 'Closed'], 'Open or Closed'),
  paymentStatus: v.optional(text, 'Outstanding'),
  loan: v.nullish(text),
  ledger: v.optional(list(ledgerEntry), []),
});

const request = v.pipe(
  record({
    op: v.picklist([...actions, ...checks], `one of ${[...actions, ...checks].join(', ')}`),
    amount: v.optional(text),
    accounts: v.pipe(list(text), v.minLength(1, 'at least one account')),
    bulk: v.optional(flag, false),
    target: v.optional(text),
    method: v.optional(text),
    reason: v.optional(text),
    cancellationReason: v.optional(text),
  }),
  v.transform(({ cancellationReason, ...asked }) => ({
    ...asked,
    reason: asked.reason ?? cancellationReason,
  })),
  v.forward(
    v.check(({ op, amount }) => op === 'cancel' || amount !== undefined, `an amount as text`),
    ['amount'],
  ),
);

const fee = record({
  ref: text,
  remaining: v.optional(decimal),
  status: v.optional(text),
  paymentStatus: v.optional(text),
});

const action = record({
  account: text,
  type: text,
  amount: v.optional(decimal),
  balance: v.optional(decimal),
  recipient: v.optional(text),
});

const event = record({
  type: text,
  account: v.optional(text),
  loan: v.optional(text),
  balance: v.optional(decimal),
});

const answer = record({
  httpStatus: v.optional(v.number('a number')),
  error: v.optional(text),
  echoAmount: v.optional(text),
  amount: v.optional(decimal),
  allowed: v.optional(flag),
  wouldRemain: v.optional(decimal),
  newActions: v.optional(v.number('a number')),
  accounts: v.optional(list(fee)),
  actions: v.optional(list(action)),
  events: v.optional(list(event)),
  sharesMultiset: v.optional(list(decimal)),
  patronRefundTotal: v.optional(decimal),
  transferRefundTotal: v.optional(decimal),
  finalPaymentStatus: v.optional(text),
  note: v.optional(text),
});
const answers = v.looseObject({ ...answer.entries, steps: v.optional(list(answer)) }, 'an object');

const base = {
  id: text,
  source: v.optional(text),
  kind: v.optional(text),
  note: v.optional(text),
  defect: v.optional(text),
};

const steps = record({ steps: v.pipe(list(request), v.minLength(1, 'at least one step')) });

function hasSteps(when: unknown): boolean {
  return typeof when === 'object' && when !== null && 'steps' in when;
}

/** A scenario about FOLIO's rows and what is done to them. */
export const actionScenario = record({
  ...base,
  suite: text,
  given: record({ accounts: accountList(account), history: v.optional(list(request), []) }),
  when: v.lazy((when) =>
    hasSteps(when)
      ? steps
      : v.pipe(
          request,
          v.transform((step) => ({ steps: [step] })),
        ),
  ),
  // biome-ignore lint/suspicious/noThenProperty: the files call it so
  then: answers,
  betterThen: v.optional(answers),
});

/** A scenario about the shares of an amount. */
export const splitScenario = record({
  ...base,
  given: record({ accounts: accountList(record({ ref: text, actionable: decimal })) }),
  when: record({ op: v.literal('split', 'split'), amount: decimal }),
  // biome-ignore lint/suspicious/noThenProperty: the files call it so
  then: record({
    sharesMultiset: v.optional(list(decimal)),
    error: v.optional(text),
    httpStatus: v.optional(v.number('a number')),
    note: v.optional(text),
  }),
});

const lostOps = ['pay', 'waive', 'transfer', 'refund', 'cancel', 'age-to-lost', 'declare-lost'] as const;
const lostHistory = record({
  op: v.picklist(lostOps, `one of ${lostOps.join(', ')}`),
  amount: v.optional(decimal),
  on: v.optional(text),
});
const price = v.nullish(decimal);

/** A scenario about a lost item. */
export const lostScenario = record({
  ...base,
  given: record({
    policy: v.optional(
      record({
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
  when: record({
    op: v.picklist(
      ['return-or-renew-lost-item', 'declare-lost', 'loan-fee-closed-event'],
      'one of return-or-renew-lost-item, declare-lost, loan-fee-closed-event',
    ),
    after: v.optional(text),
  }),
  // biome-ignore lint/suspicious/noThenProperty: the files call it so
  then: record({
    accounts: v.optional(list(fee)),
    refunded: v.optional(decimal),
    owed: v.optional(decimal),
    owedBefore: v.optional(decimal),
    accountCount: v.optional(v.number('a number')),
    openCount: v.optional(v.number('a number')),
    lostFees: v.optional(v.number('a number')),
    itemStatus: v.optional(text),
    loanClosed: v.optional(flag),
    overdueFineCreated: v.optional(flag),
    actualCostRecord: v.optional(text),
  }),
});

/** A scenario about what blocks a patron. */
export const blockScenario = record({
  ...base,
  given: record({
    limit: decimal,
    balance: v.optional(decimal),
    fees: v.optional(
      list(record({ balance: decimal, loan: v.nullish(text), loanClaimedReturned: v.optional(flag, false) })),
    ),
  }),
  when: record({ op: v.literal('evaluate-blocks', 'evaluate-blocks') }),
  // biome-ignore lint/suspicious/noThenProperty: the files call it so
  then: record({ blocked: flag }),
});

const day = v.pipe(text, v.regex(/^\d{4}-\d\d-\d\d$/, 'a day as YYYY-MM-DD'));

/** A scenario about a report of refunds. */
export const reportScenario = record({
  ...base,
  given: record({
    accounts: v.optional(accountList(account), []),
    interval: v.optional(v.tuple([day, day], 'two days')),
    ledger: list(
      v.tuple(
        [
          v.picklist(['pay', 'transfer', 'refund', 'waive'], 'one of pay, transfer, refund, waive'),
          decimal,
          day,
        ],
        'an operation, an amount and a day',
      ),
    ),
  }),
  when: record({ op: v.literal('refund-report', 'refund-report') }),
  // biome-ignore lint/suspicious/noThenProperty: the files call it so
  then: record({
    rows: list(
      record({ refund: decimal, paidSoFar: v.optional(decimal), transferredSoFar: v.optional(decimal) }),
    ),
  }),
});

export type ActionScenario = v.InferOutput<typeof actionScenario>;
export type SplitScenario = v.InferOutput<typeof splitScenario>;
export type LostScenario = v.InferOutput<typeof lostScenario>;
export type BlockScenario = v.InferOutput<typeof blockScenario>;
export type ReportScenario = v.InferOutput<typeof reportScenario>;
export type GivenAccount = ActionScenario['given']['accounts'][number];
export type Request = v.InferOutput<typeof request>;
export type Answer = v.InferOutput<typeof answers>;

/** A scenario of any suite, as far as it was read. */
export type Scenario =
  | { readonly kind: 'action'; readonly suite: string; readonly scenario: ActionScenario }
  | { readonly kind: 'split'; readonly suite: string; readonly scenario: SplitScenario }
  | { readonly kind: 'lost'; readonly suite: string; readonly scenario: LostScenario }
  | { readonly kind: 'block'; readonly suite: string; readonly scenario: BlockScenario }
  | { readonly kind: 'report'; readonly suite: string; readonly scenario: ReportScenario }
  | { readonly kind: 'other'; readonly suite: string; readonly scenario: { readonly id: string } };
