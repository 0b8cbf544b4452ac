import * as v from 'valibot';
import { fold } from '../../account/fold.js';
import { balances, type PatronAccount } from '../../account/patronAccount.js';
import { PatronFeesError } from '../../errors.js';
import { assertStream, knownAt, type Moment } from '../../history/asOf.js';
import type { RecordedEvent } from '../../history/eventStore.js';
import { compareInstants } from '../../history/instants.js';
import { checkedArgument } from '../../input/checkedArgument.js';
import { definedPolicy, type FeePolicy } from '../../policy/feePolicy.js';
import type { ReportPatron } from '../../views/activityReport.js';
import { amountWriter, viewCurrency } from '../../views/amountWriter.js';
import { recordedBefore } from '../localDay.js';
import { type StatementLine, statementLine } from './statementLine.js';
import { statementMovement } from './statementMovement.js';

/** What a statement is about. */
export type StatementInput = {
  /** The patron. */
  readonly patron: ReportPatron;
  /** What was recorded before is in the opening balance; everything is a line if left out. */
  readonly from?: Moment;
  /** What was recorded before is in the statement, everything if left out. What was recorded at this very time is not. */
  readonly to?: Moment;
};

/** Where an account stands. Decimal strings; negative in the patron's favour. */
export type StatementBalances = {
  /** The version of the account's stream: pass it as `from` of the next statement. */
  readonly version: number;
  /** What remains of all fees, less unused credits: active and disputed together. */
  readonly balance: string;
  /** The part of the balance that nobody disputes. */
  readonly active: string;
  /** The disputed part of the balance. */
  readonly disputed: string;
  /** What an external billing system has and did not settle yet: it is owed there, and not in the balance. */
  readonly transferred: string;
};

/** What happened in an account in a period, from balance to balance. */
export type AccountStatement = {
  /** The patron. */
  readonly patron: ReportPatron;
  /** ISO 4217 code of all amounts. */
  readonly currency: string;
  /** Where the period begins; null at the first event. */
  readonly from: Moment | null;
  /** Where it ends; null at the last event that was known. */
  readonly to: Moment | null;
  /** Where the account stood at its beginning. */
  readonly opening: StatementBalances;
  /** What moved the balance, in the order in which it was recorded. */
  readonly lines: readonly StatementLine[];
  /** Where the account stood at its end. */
  readonly closing: StatementBalances;
};

const inputSchema = v.strictObject({
  patron: v.object({ name: v.string(), barcode: v.exactOptional(v.string()) }),
  from: v.optional(v.unknown()),
  to: v.optional(v.unknown()),
});

/**
 * A patron's statement of account over a period.
 *
 * The period goes by when things were recorded, never by when they happened: what is reported late is in the next
 * statement and changes none that was sent. What is recorded at `from` is in the period, what is recorded at `to` in the
 * next one. So the closing balance of a period is the opening balance of the next one, every view shows it at that
 * version, and opening balance and amounts add up to the closing balance.
 *
 * The balance is the active and the disputed balance together. What moves neither (a dispute, the use of a credit) is
 * no line, and a line may be of zero: a cancelled fee that was paid becomes a credit, which is a line of its own.
 *
 * @param events - the recorded events of one account, from its first
 * @param policy - the institution's policy, for labels
 * @param input - the patron and the period
 * @returns the statement, ready for JSON; never with a staff note
 * @throws {@link index.PatronFeesError | PatronFeesError} `INVALID_ARGUMENT` for a faulty input, a period that ends before it begins, or
 * a moment that there is not; `CORRUPT_HISTORY` when the events do not fold; `INVALID_POLICY` for a policy with faults
 *
 * @example
 * ```ts
 * import { definePolicy } from 'patron-fees';
 * import { accountStatement } from 'patron-fees/institution';
 *
 * const fee = { feeType: 'OTHER', currency: 'USD', owner: 'MAIN' };
 * const recorded = (version: number, at: string, amount: string) => {
 *   const data = { ...fee, feeId: `f${version}`, amount, at };
 *   return { version, recordedAt: at, event: { type: 'FeeAssessed' as const, data } };
 * };
 * const events = [recorded(1, '2026-03-02T09:00:00Z', '2.50'), recorded(2, '2026-04-02T09:00:00Z', '4.00')];
 * const statement = accountStatement(events, definePolicy({ currency: 'USD' }), {
 *   patron: { name: 'Ada Lovelace' },
 *   from: { recordedAt: '2026-04-01T00:00:00Z' },
 * });
 * statement.opening.balance; //=> '2.50'
 * statement.lines.map(({ label, amount, balance }) => [label, amount, balance]);
 * //=> [['Fee assessed', '4.00', '6.50']]
 * statement.closing.balance; //=> '6.50'
 * ```
 */
export function accountStatement(
  events: readonly RecordedEvent[],
  policy: FeePolicy,
  input: StatementInput,
): AccountStatement {
  const known = definedPolicy(policy);
  const { patron } = checkedArgument(inputSchema, input, 'input');
  const [before, end] = periodOf(events, input);
  const opening = fold(events.slice(0, before).map(({ event }) => event));
  const during = events.slice(before, end);
  const closing = fold(
    during.map(({ event }) => event),
    opening,
  );
  const write = amountWriter(closing, known);
  let balance = balanceOf(opening);
  const lines: StatementLine[] = [];
  for (const recorded of during) {
    const movement = statementMovement(recorded.event, closing);
    if (movement === null) continue;
    balance += movement.effect;
    lines.push(statementLine(recorded, movement, balance, closing, known, write));
  }
  return {
    patron,
    currency: viewCurrency(closing, known),
    from: input.from ?? null,
    to: input.to ?? null,
    opening: balancesOf(opening, write),
    lines,
    closing: balancesOf(closing, write),
  };
}

/** How many events are before a period, and how many until its end. */
function periodOf(events: readonly RecordedEvent[], { from, to }: StatementInput): [number, number] {
  assertStream(events, 'events');
  const before = from === undefined ? 0 : countBefore(events, from, 'input.from');
  const end = to === undefined ? events.length : countBefore(events, to, 'input.to');
  const isBackward =
    from !== undefined && to !== undefined && 'recordedAt' in from && 'recordedAt' in to
      ? compareInstants(from.recordedAt, to.recordedAt) > 0
      : before > end;
  if (isBackward)
    throw new PatronFeesError('INVALID_ARGUMENT', 'input.to: expected a moment not before input.from');
  return [before, end];
}

/** How many events are before a moment: what is recorded at a time belongs to the period that begins then. */
function countBefore(events: readonly RecordedEvent[], moment: Moment, name: string): number {
  const known = knownAt(events, moment, name);
  return 'version' in moment ? known : recordedBefore(events, moment.recordedAt);
}

function balanceOf(account: PatronAccount): number {
  const { active, disputed } = balances(account);
  return active + disputed;
}

function balancesOf(account: PatronAccount, write: (minor: number) => string): StatementBalances {
  const { active, disputed, transferred } = balances(account);
  return {
    version: account.eventCount,
    balance: write(active + disputed),
    active: write(active),
    disputed: write(disputed),
    transferred: write(transferred),
  };
}
