import * as v from 'valibot';
import {
  accountList,
  base,
  count,
  decimal,
  flag,
  given,
  list,
  record,
  rows,
  saying,
  text,
} from './fields.js';
import type { LostScenario } from './lostScenario.js';
import type { OverdueScenario, PolicyScenario } from './overdueScenario.js';
import type { TillScenario } from './tillScenario.js';

/** The suites that are played, and those about features that this library does not have. */
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
  'overdue',
  'policy',
] as const;

export const otherSuites: Readonly<Record<string, string>> = {
  money:
    'FOLIO rounds whatever it reads and keeps the unrounded number; here no amount is rounded when it is read',
  reminder:
    "what reminders cost is computed by reminderFees, which tests of its own hold to FOLIO's figures; no fact of FOLIO's fee tests asks for it",
  'actual-cost': 'a cost that is not known yet is no fee; the circulation system charges it once it is',
  'lost-policy': 'what a lost item costs is configured and computed by the circulation system',
  'fee-type': 'fee types are a table of the policy, not records that an API creates and deletes',
  events:
    "FOLIO's records can be written over with any figures and announce that; here an account has only events",
};

const actions = ['pay', 'waive', 'transfer', 'refund', 'cancel'] as const;
const checks = ['check-pay', 'check-waive', 'check-transfer', 'check-refund'] as const;

const ledgerEntry = given({
  op: v.picklist(['pay', 'waive', 'transfer', 'refund'], 'one of pay, waive, transfer, refund'),
  amount: decimal,
  target: v.optional(text),
});

/** A fee in FOLIO's form. `ledger` records earlier operations, without changing the row. */
const account = given({
  ref: text,
  amount: decimal,
  remaining: decimal,
  status: v.picklist(['Open', 'Closed'], 'Open or Closed'),
  paymentStatus: v.optional(text, 'Outstanding'),
  loan: v.nullish(text),
  ledger: v.optional(list(ledgerEntry), []),
});

/** The staff and place of a request, and who is notified. */
const notAboutMoney = {
  notify: v.optional(flag),
  notifyPatron: v.optional(flag),
  servicePointId: v.optional(text),
  userName: v.optional(text),
  transactionInfo: v.optional(text),
};

const request = v.pipe(
  given({
    op: v.picklist([...actions, ...checks], `one of ${[...actions, ...checks].join(', ')}`),
    amount: v.optional(text),
    accounts: v.pipe(list(text), v.minLength(1, 'at least one account')),
    bulk: v.optional(flag, false),
    target: v.optional(text),
    method: v.optional(text),
    reason: v.optional(text),
    cancellationReason: v.optional(text),
    paymentMethod: v.optional(text),
    ...notAboutMoney,
  }),
  // FOLIO writes the external system of a transfer, and the reason for a waiver, as the payment method.
  v.transform(({ cancellationReason, paymentMethod, ...asked }) => ({
    ...asked,
    target: asked.target ?? paymentMethod,
    method: asked.method ?? paymentMethod,
    reason: asked.reason ?? cancellationReason ?? paymentMethod,
  })),
  v.forward(
    v.check(({ op, amount }) => op === 'cancel' || amount !== undefined, `an amount as text`),
    ['amount'],
  ),
);

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
  httpStatus: v.optional(count),
  error: v.optional(text),
  echoAmount: v.optional(text),
  amount: v.optional(decimal),
  allowed: v.optional(flag),
  wouldRemain: v.optional(decimal),
  newActions: v.optional(count),
  accounts: v.optional(rows),
  actions: v.optional(list(action)),
  events: v.optional(list(event)),
  sharesMultiset: v.optional(list(decimal)),
  patronRefundTotal: v.optional(decimal),
  transferRefundTotal: v.optional(decimal),
  finalPaymentStatus: v.optional(text),
  note: v.optional(text),
});
const answers = saying(record({ ...answer.entries, steps: v.optional(list(answer)) }));

const steps = given({ steps: v.pipe(list(request), v.minLength(1, 'at least one step')) });

function hasSteps(when: unknown): boolean {
  return typeof when === 'object' && when !== null && 'steps' in when;
}

/** A scenario about FOLIO's rows and operations on them. */
export const actionScenario = record({
  ...base,
  suite: text,
  given: given({ accounts: accountList(account), history: v.optional(list(request), []) }),
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

const shares = saying(
  record({
    sharesMultiset: v.optional(list(decimal)),
    error: v.optional(text),
    httpStatus: v.optional(count),
    note: v.optional(text),
  }),
);

/** A scenario about the shares of an amount. */
export const splitScenario = record({
  ...base,
  given: given({ accounts: accountList(given({ ref: text, actionable: decimal })) }),
  when: given({ op: v.literal('split', 'split'), amount: decimal }),
  // biome-ignore lint/suspicious/noThenProperty: the files call it so
  then: shares,
  betterThen: v.optional(shares),
});

const blocks = record({ blocked: flag, note: v.optional(text) });

/** A scenario about patron blocks. */
export const blockScenario = record({
  ...base,
  given: given({
    limit: decimal,
    balance: v.optional(decimal),
    fees: v.optional(
      list(given({ balance: decimal, loan: v.nullish(text), loanClaimedReturned: v.optional(flag, false) })),
    ),
  }),
  when: given({ op: v.literal('evaluate-blocks', 'evaluate-blocks') }),
  // biome-ignore lint/suspicious/noThenProperty: the files call it so
  then: blocks,
  betterThen: v.optional(blocks),
});

const day = v.pipe(text, v.regex(/^\d{4}-\d\d-\d\d$/, 'a day as YYYY-MM-DD'));

const report = record({
  rows: list(
    record({
      refund: decimal,
      paidSoFar: v.optional(decimal),
      transferredSoFar: v.optional(decimal),
      note: v.optional(text),
    }),
  ),
  note: v.optional(text),
});

/** A scenario about a report of refunds. */
export const reportScenario = record({
  ...base,
  given: given({
    accounts: v.optional(accountList(account), []),
    interval: v.optional(v.strictTuple([day, day], 'two days')),
    ledger: list(
      v.strictTuple(
        [
          v.picklist(['pay', 'transfer', 'refund', 'waive'], 'one of pay, transfer, refund, waive'),
          decimal,
          day,
        ],
        'an operation, an amount and a day',
      ),
    ),
  }),
  when: given({ op: v.literal('refund-report', 'refund-report') }),
  // biome-ignore lint/suspicious/noThenProperty: the files call it so
  then: report,
  betterThen: v.optional(report),
});

export type ActionScenario = v.InferOutput<typeof actionScenario>;
export type SplitScenario = v.InferOutput<typeof splitScenario>;
export type BlockScenario = v.InferOutput<typeof blockScenario>;
export type ReportScenario = v.InferOutput<typeof reportScenario>;
export type GivenAccount = ActionScenario['given']['accounts'][number];
export type Request = v.InferOutput<typeof request>;
export type Answer = v.InferOutput<typeof answers>;

/** A scenario of any suite, after reading. */
export type Scenario =
  | { readonly kind: 'action'; readonly suite: string; readonly scenario: ActionScenario }
  | { readonly kind: 'split'; readonly suite: string; readonly scenario: SplitScenario }
  | { readonly kind: 'lost'; readonly suite: string; readonly scenario: LostScenario }
  | { readonly kind: 'block'; readonly suite: string; readonly scenario: BlockScenario }
  | { readonly kind: 'report'; readonly suite: string; readonly scenario: ReportScenario }
  | { readonly kind: 'till'; readonly suite: string; readonly scenario: TillScenario }
  | { readonly kind: 'overdue'; readonly suite: string; readonly scenario: OverdueScenario }
  | { readonly kind: 'policy'; readonly suite: string; readonly scenario: PolicyScenario }
  | { readonly kind: 'other'; readonly suite: string; readonly scenario: { readonly id: string } };
