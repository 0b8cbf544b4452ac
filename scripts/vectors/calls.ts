import { parseCommand } from '../../src/account/commands/parseCommand.js';
import { planBehind } from '../../src/account/paymentPlan.js';
import { creditVat } from '../../src/account/vat.js';
import { redactEvent } from '../../src/history/index.js';
import {
  type AccountEvent,
  type Command,
  definePolicy,
  type FeePolicy,
  type FeePolicyInput,
  feeVat,
  fillInOrder,
  fold,
  instalmentsOf,
  isPatronFeesError,
  minorDigits,
  type PatronAccount,
  type PolicyLabels,
  parseAmount,
  parseLooseAmount,
  percentOf,
  type Rejection,
  rejectionText,
  splitEvenly,
  splitProportionally,
  spread,
  taxIncluded,
  withLabels,
} from '../../src/index.js';
import { interpolate } from '../../src/input/interpolate.js';
import { amountFromNumber } from '../../src/money/amountFromNumber.js';
import { type DecimalMark, parseReportedAmount } from '../../src/money/reportedAmount.js';
import type { OfficeEvent } from '../../src/office/officeEvents.js';
import {
  defineCalendar,
  defineFineRule,
  defineReminderRule,
  explanationText,
  likeAlma,
  likeEvergreen,
  likeFolio,
  likeKoha,
  nextChange,
  type OverdueLoan,
  openingsOn,
  overdueFine,
  reminderFees,
} from '../../src/overdue/index.js';
import {
  activityReport,
  blocks,
  type FinesAndFeesFilter,
  feesOfLoan,
  finesAndFees,
  household,
  householdFees,
  networkActivity,
  paymentPlan,
  paymentPlans,
  receipt,
  summary,
  transactionLabels,
  transactions,
} from '../../src/views/index.js';
import { payableOnline } from '../../src/views/payableOnline.js';
import { officeFigures } from '../../test/support/officeFigures.js';
import { everyOrder } from './orders.js';

/** The functions that vectors call, by name. Arguments and results are JSON. */
const calls: Readonly<Record<string, (...given: never[]) => unknown>> = {
  minorDigits: (currency: string) => minorDigits(currency) ?? null,
  parseAmount,
  parseLooseAmount,
  percentOf,
  taxIncluded,
  fillInOrder,
  splitEvenly,
  splitProportionally,
  spread,
  command: (command: unknown, digits: number) => {
    const parsed = parseCommand(command, digits);
    return 'command' in parsed
      ? { command: parsed.command }
      : { faults: parsed.faults.map(({ path, code, expected, found }) => ({ path, code, expected, found })) };
  },
  fineRule: defineFineRule,
  calendar: defineCalendar,
  openings: openingsOn,
  fine: (loan: OverdueLoan) => {
    const fine = overdueFine(loan);
    return { ...fine, text: explanationText(fine), nextChange: nextChange(loan) };
  },
  reminderRule: defineReminderRule,
  reminders: reminderFees,
  likeAlma,
  likeEvergreen,
  likeFolio,
  likeKoha,
  instalments: instalmentsOf,
  behind: planBehind,
  sentence: (rejection: Rejection, amounts = '{amount}', words: object = {}) =>
    rejectionText(rejection, { words, amount: (amount) => interpolate(amounts, { amount }) }),
  fold: (events: readonly AccountEvent[], currency: string) => {
    const policy = definePolicy({ currency });
    const account = fold(events);
    const { rows } = finesAndFees(account, policy, { status: 'all' });
    const lines = [
      ...account.fees.map(({ feeId }) => feeId),
      ...account.credits.map(({ creditId }) => creditId),
    ].map((id) => [
      id,
      transactions(account, policy, { id }).lines.map(({ kind, amount, remaining, references }) => [
        kind,
        amount,
        remaining,
        ...(Object.keys(references).length > 0 ? [references] : []),
      ]),
    ]);
    return { balances: summary(account, policy), rows, transactions: Object.fromEntries(lines) };
  },
  tax: (events: readonly AccountEvent[]) => {
    const account = fold(events);
    return {
      fees: Object.fromEntries(account.fees.map(({ feeId }) => [feeId, feeVat(account, feeId)])),
      credits: Object.fromEntries(
        account.credits.map((credit) => [credit.creditId, creditVat(account, credit)]),
      ),
    };
  },
  erase: redactEvent,
  reportedAmount: (text: string, digits: number, mark?: DecimalMark) =>
    parseReportedAmount(text, digits, mark ?? undefined) ?? null,
  amountFromNumber: (value: number, digits: number) => amountFromNumber(value, digits) ?? null,
  policy: definePolicy,
  labels: (input: FeePolicyInput, labels: PolicyLabels) => withLabels(definePolicy(input), labels),
  views: (histories: readonly AccountEvent[][], input: FeePolicyInput, asked: readonly ViewAsked[]) => {
    const policy = definePolicy(input);
    const accounts = histories.map((events) => fold(events));
    return asked.map(([name, options]) => outcome(() => views[name]?.(accounts, policy, options as never)));
  },
  orders: everyOrder,
  office: (stream: string, events: readonly OfficeEvent[]) => officeFigures(stream, events),
};

/** The names of all calls. */
export const callNames: readonly string[] = Object.keys(calls);

/** A view by name, and its options. */
export type ViewAsked = readonly [name: string, options?: unknown];

type View = (accounts: readonly PatronAccount[], policy: FeePolicy, options: never) => unknown;

const first = ([account]: readonly PatronAccount[]) => account as PatronAccount;
const shared = (accounts: readonly PatronAccount[]) => (accounts.length === 1 ? first(accounts) : accounts);

/** The members of a household or a network: `p1`, `p2` and so on, unless others are given. */
const named = <Name extends string>(
  name: Name,
  accounts: readonly PatronAccount[],
  ids: readonly unknown[] = [],
) =>
  accounts.map((account, index) => ({ [name]: ids[index] ?? `p${index + 1}`, account })) as ({
    readonly account: PatronAccount;
  } & { readonly [Key in Name]: string })[];

/** The views of accounts. */
const views: Readonly<Record<string, View>> = {
  activityReport: (accounts, policy, input) => activityReport(shared(accounts), policy, input),
  blocks: (accounts, policy, options) => blocks(shared(accounts), policy, options),
  feesOfLoan: (accounts, policy, options) => feesOfLoan(shared(accounts), policy, options),
  finesAndFees: (accounts, policy, filter) => finesAndFees(first(accounts), policy, filter),
  // The rows by their ids: what a filter and an order select.
  filtered: (accounts, policy, filter: FinesAndFeesFilter) => {
    const { rows, ...list } = finesAndFees(first(accounts), policy, filter);
    return { ...list, ids: rows.map(({ id }) => id) };
  },
  household: (accounts, policy, options?: { readonly patronIds?: readonly unknown[] }) =>
    household(named('patronId', accounts, options?.patronIds), policy),
  householdFees: (accounts, policy, filter) => householdFees(named('patronId', accounts), policy, filter),
  networkActivity: (accounts, policy, filter) =>
    networkActivity(named('institution', accounts), policy, filter),
  payableOnline: (accounts, policy) => payableOnline(first(accounts), policy),
  paymentPlan: (accounts, policy, options) => paymentPlan(first(accounts), policy, options),
  paymentPlans: (accounts, policy, options) => paymentPlans(first(accounts), policy, options),
  receipt: (accounts, policy, options) => receipt(first(accounts), policy, options),
  summary: (accounts, policy) => summary(first(accounts), policy),
  transactions: (accounts, policy, options) => transactions(first(accounts), policy, options),
  transactionLabels: () => transactionLabels,
};

/** The names of all views. */
export const viewNames: readonly string[] = Object.keys(views);

/** A function of the library, what it is called with, and its result or its error. */
export type CallVector = {
  readonly call: string;
  readonly with: readonly unknown[];
  readonly result?: unknown;
  readonly error?: {
    readonly code: string;
    readonly message: string;
    /** What is wrong with a stored history. */
    readonly fault?: string;
    /** The number of the event that does not fit. */
    readonly position?: number;
    /** The fields of a policy, or of another input, that are wrong. */
    readonly paths?: readonly string[];
  };
};

/** Returns the vector of a call. */
export function answer(call: string, ...given: readonly unknown[]): CallVector {
  const run = () => calls[call]?.(...(JSON.parse(JSON.stringify(given)) as never[]));
  return JSON.parse(JSON.stringify({ call, with: given, ...outcome(run) }));
}

/** Returns the result of a function of the library, or its error. */
function outcome(run: () => unknown): Pick<CallVector, 'result' | 'error'> {
  try {
    return { result: run() };
  } catch (error) {
    if (!isPatronFeesError(error)) throw error;
    const { code } = error;
    // What the engine says differs by its version.
    const message = error.message.replace(/, found \w+Error: .*/s, '');
    const { fault, position, faults } = error.details as {
      readonly fault?: string;
      readonly position?: number;
      readonly faults?: readonly { readonly path: string }[];
    };
    const paths = faults?.map(({ path }) => path);
    return { error: { code, message, fault, position, paths } as NonNullable<CallVector['error']> };
  }
}

/** Returns the commands that a vector of a story asks, as a list. */
export const commandsOf = (given: Command | readonly Command[]): readonly Command[] =>
  Array.isArray(given) ? given : [given as Command];
