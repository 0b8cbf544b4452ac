import { parseCommand } from '../../src/account/commands/parseCommand.js';
import { planBehind } from '../../src/account/paymentPlan.js';
import { creditVat } from '../../src/account/vat.js';
import { redactEvent } from '../../src/history/index.js';
import {
  type AccountEvent,
  type Command,
  definePolicy,
  feeVat,
  fillInOrder,
  fold,
  instalmentsOf,
  isPatronFeesError,
  minorDigits,
  parseAmount,
  parseLooseAmount,
  percentOf,
  type Rejection,
  rejectionText,
  splitEvenly,
  splitProportionally,
  spread,
  taxIncluded,
} from '../../src/index.js';
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
  overdueFine,
  reminderFees,
} from '../../src/overdue/index.js';
import { finesAndFees, summary, transactions } from '../../src/views/index.js';

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
  sentence: (rejection: Rejection) => rejectionText(rejection),
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
};

/** A function of the library, what it is called with, and its result or its error. */
export type CallVector = {
  readonly call: string;
  readonly with: readonly unknown[];
  readonly result?: unknown;
  readonly error?: { readonly code: string; readonly message: string };
};

/** Returns the vector of a call. */
export function answer(call: string, ...given: readonly unknown[]): CallVector {
  const vector = { call, with: given };
  try {
    return JSON.parse(
      JSON.stringify({ ...vector, result: calls[call]?.(...(JSON.parse(JSON.stringify(given)) as never[])) }),
    );
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
    return JSON.parse(JSON.stringify({ ...vector, error: { code, message, fault, position, paths } }));
  }
}

/** Returns the commands that a vector of a story asks, as a list. */
export const commandsOf = (given: Command | readonly Command[]): readonly Command[] =>
  Array.isArray(given) ? given : [given as Command];
