import * as v from 'valibot';
import { nameField } from '../../account/fieldSchemas.js';
import { fold } from '../../account/fold.js';
import { balancesInMinorUnits, type PatronAccount } from '../../account/patronAccount.js';
import { PatronFeesError } from '../../errors.js';
import type { RecordedEvent } from '../../history/eventStore.js';
import { compareInstants } from '../../history/instants.js';
import { assertStream, knownAt, type Moment } from '../../history/loadAccount.js';
import { checkedArgument } from '../../input/checkedArgument.js';
import { recordedBefore } from '../../job/localDay.js';
import { digitsOf } from '../../money/currency.js';
import { formatAmount, minorUnits } from '../../money/money.js';
import { definedPolicy, type FeePolicy } from '../../policy/feePolicy.js';
import type { ReportPatron } from '../../views/activityReport.js';
import { amountWriter, viewCurrency } from '../../views/amountWriter.js';
import { type PlanProgress, runningPlans } from '../../views/paymentPlan.js';
import { type StatementLine, statementLine, statementMovement } from './statementLine.js';

/** The patron and the period of a statement. */
export type StatementInput = {
  /** The patron. */
  readonly patron: ReportPatron;
  /** Events recorded before are in the opening balance; every event is a line if left out. */
  readonly from?: Moment;
  /**
   * Events recorded before are in the statement; all events if left out. An event recorded at exactly this time is not.
   * A version is the moment right after its event.
   */
  readonly before?: Moment;
};

/** The balances of an account at one moment. Decimal strings; negative in the patron's favour. */
export type StatementBalances = {
  /** The version of the account's stream: pass it as `from` of the next statement. */
  readonly version: number;
  /** The remaining amount of all fees, less unused credits: active and disputed together. */
  readonly balance: string;
  /** The part of the balance that is not disputed. */
  readonly active: string;
  /** The disputed part of the balance. */
  readonly disputed: string;
  /** The amount pending at an external billing system: owed there, and not part of the balance. */
  readonly transferred: string;
};

/** The changes of an account in a period, from balance to balance. */
export type AccountStatement = {
  /** The patron. */
  readonly patron: ReportPatron;
  /** ISO 4217 code of all amounts. */
  readonly currency: string;
  /** The beginning of the period; null for the first event. */
  readonly from: Moment | null;
  /** The end of the period; null for the last known event. */
  readonly before: Moment | null;
  /** The balances at the beginning. */
  readonly opening: StatementBalances;
  /** The changes of the balance, in the order in which they were recorded. */
  readonly lines: readonly StatementLine[];
  /** The balances at the end. */
  readonly closing: StatementBalances;
  /** The payment plans on whose fees something is owed at the end. */
  readonly paymentPlans: readonly PlanProgress[];
};

const inputSchema = v.strictObject({
  patron: v.object({ name: v.string(), barcode: v.exactOptional(v.string()) }),
  from: v.optional(v.unknown()),
  before: v.optional(v.unknown()),
});

/**
 * Returns a patron's statement of account over a period.
 *
 * The time of recording decides the period, not the time of the event: an event that is recorded late is in the next
 * statement, and never changes one that was sent. An event recorded at `from` is in the period; one recorded at
 * `before` is in the next. So the closing balance of a period is the opening balance of the next one, every view shows
 * it at that version, and the opening balance plus the amounts is the closing balance.
 *
 * The balance is the sum of the active and the disputed balance. Events that change neither (a dispute, the use of a
 * credit) have no line. The amount of a line may be zero: if a cancelled fee was paid, the payment becomes a credit,
 * which has a line of its own.
 *
 * @param events - the recorded events of one account, from the first one
 * @param policy - the institution's policy, for labels
 * @param input - the patron and the period
 * @returns the statement, ready for JSON; without staff notes
 * @throws {@link index.PatronFeesError | PatronFeesError} `INVALID_ARGUMENT` for invalid input, a period that ends
 * before it begins, or a moment that does not exist; `CORRUPT_HISTORY` if the events do not fold; `INVALID_POLICY` for
 * an invalid policy
 *
 * @example
 * ```ts
 * import { definePolicy } from 'patron-fees';
 * import { accountStatement } from 'patron-fees/reports';
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
  const [start, end] = periodOf(events, input);
  const opening = fold(events.slice(0, start).map(({ event }) => event));
  const during = events.slice(start, end);
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
    lines.push(statementLine(recorded, movement, { balance, account: closing, policy: known, write }));
  }
  return {
    patron,
    currency: viewCurrency(closing, known),
    from: input.from ?? null,
    before: input.before ?? null,
    opening: balancesOf(opening, write),
    lines,
    closing: balancesOf(closing, write),
    paymentPlans: runningPlans(closing, known),
  };
}

/** Returns the number of events before a period, and up to its end. */
function periodOf(events: readonly RecordedEvent[], { from, before }: StatementInput): [number, number] {
  assertStream(events, 'events');
  const start = from === undefined ? 0 : countBefore(events, from, 'input.from');
  const end = before === undefined ? events.length : countBefore(events, before, 'input.before');
  const isBackward =
    from !== undefined && before !== undefined && 'recordedAt' in from && 'recordedAt' in before
      ? compareInstants(from.recordedAt, before.recordedAt) > 0
      : start > end;
  if (isBackward)
    throw new PatronFeesError('INVALID_ARGUMENT', 'input.before: expected a moment not before input.from');
  return [start, end];
}

/**
 * Returns the number of events before a moment. An event recorded at that time belongs to the period that begins then.
 */
function countBefore(events: readonly RecordedEvent[], moment: Moment, name: string): number {
  const known = knownAt(events, moment, name);
  return 'version' in moment ? known : recordedBefore(events, moment.recordedAt);
}

function balanceOf(account: PatronAccount): number {
  const { active, disputed } = balancesInMinorUnits(account);
  return active + disputed;
}

function balancesOf(account: PatronAccount, write: (minor: number) => string): StatementBalances {
  const { active, disputed, transferred } = balancesInMinorUnits(account);
  return {
    version: account.eventCount,
    balance: write(active + disputed),
    active: write(active),
    disputed: write(disputed),
    transferred: write(transferred),
  };
}

/** A patron and the recorded events of the patron's account. */
export type StatementMember = {
  /** The patron. */
  readonly patronId: string;
  /** The recorded events of the account, from the first one. */
  readonly events: readonly RecordedEvent[];
};

/**
 * The recipient and the period of a statement over several accounts. The period begins and ends at times; versions are
 * not possible here, because each account has its own.
 */
export type HouseholdStatementInput = Pick<StatementInput, 'patron'> & {
  /** Events recorded before are in the opening balance; every event is a line if left out. */
  readonly from?: TimeOfRecording;
  /** Events recorded before are in the statement; all events if left out. */
  readonly before?: TimeOfRecording;
};

/** A time of recording, the beginning or end of a period. */
export type TimeOfRecording = {
  /** ISO 8601 with a zone. */
  readonly recordedAt: string;
};

/** The balances of several accounts together at one moment. Amounts are decimal strings. */
export type HouseholdStatementBalances = Omit<StatementBalances, 'version'>;

/** A change of one of several accounts. */
export type HouseholdStatementLine = StatementLine & {
  /** The patron whose account changed. `version` is that account's version. */
  readonly patronId: string;
};

/** The changes of several accounts in a period, from balance to balance. */
export type HouseholdStatement = Omit<AccountStatement, 'opening' | 'lines' | 'closing'> & {
  /** The sums of the balances at the beginning. */
  readonly opening: HouseholdStatementBalances;
  /** The changes of the sum in the order in which they were recorded, each with the patron of its account. */
  readonly lines: readonly HouseholdStatementLine[];
  /** The sums of the balances at the end. */
  readonly closing: HouseholdStatementBalances;
  /** The balances of each account, in the given order. */
  readonly members: readonly {
    /** The patron. */
    readonly patronId: string;
    /** The balances at the beginning. */
    readonly opening: StatementBalances;
    /** The balances at the end. */
    readonly closing: StatementBalances;
  }[];
};

const moment = v.exactOptional(v.object({ recordedAt: v.string('a time of recording') }));

const momentsSchema = v.looseObject({ from: moment, before: moment });

const membersSchema = v.pipe(
  v.array(v.object({ patronId: nameField, events: v.custom<readonly RecordedEvent[]>(Array.isArray) })),
  v.check((members) => members.length > 0, 'at least one'),
  v.check(
    (members) => new Set(members.map(({ patronId }) => patronId)).size === members.length,
    'each patron once',
  ),
);

/**
 * Returns one statement over several accounts: those of one patron that were merged ({@link patrons.accountsOf | accountsOf} finds them), or
 * of a household. It is made of the accounts' own statements ({@link accountStatement}): balances are sums, and each
 * change is one line, so the opening balance plus the amounts is the closing balance. A merge changes no balance and
 * has no line.
 *
 * @param members - the patrons and the recorded events of their accounts, all at one institution
 * @param policy - the institution's policy, for the currency and for labels
 * @param input - the recipient and the period
 * @returns the statement, ready for JSON; {@link statementText} and {@link statementHtml} write it
 * @throws {@link index.PatronFeesError | PatronFeesError} `INVALID_ARGUMENT` if there is no member, if one is listed
 * twice, if a bound is a version, or an account is in another currency than the policy; and as {@link accountStatement}
 * does
 *
 * @example
 * ```ts
 * import { definePolicy } from 'patron-fees';
 * import { householdStatement } from 'patron-fees/reports';
 *
 * const charged = (feeId: string, amount: string, recordedAt: string) => {
 *   const data = { feeId, feeType: 'OTHER', amount, currency: 'USD', owner: 'MAIN', at: recordedAt };
 *   return [{ version: 1, recordedAt, event: { type: 'FeeAssessed' as const, data } }];
 * };
 * const members = [
 *   { patronId: 'dverma', events: charged('f1', '4.00', '2026-04-02T09:00:00Z') },
 *   { patronId: 'dverma-2', events: charged('f1', '2.50', '2026-03-02T09:00:00Z') },
 * ];
 * const statement = householdStatement(members, definePolicy({ currency: 'USD' }), { patron: { name: 'Dev Verma' } });
 * statement.lines.map(({ patronId, amount, balance }) => [patronId, amount, balance]);
 * //=> [['dverma-2', '2.50', '2.50'], ['dverma', '4.00', '6.50']]
 * ```
 */
export function householdStatement(
  members: readonly StatementMember[],
  policy: FeePolicy,
  input: HouseholdStatementInput,
): HouseholdStatement {
  const known = definedPolicy(policy);
  const { currency } = known;
  const digits = digitsOf(currency);
  checkedArgument(momentsSchema, input, 'input');
  const statements = checkedArgument(membersSchema, members, 'members').map(({ patronId, events }) => {
    const statement = accountStatement(events, known, input);
    if (statement.currency === currency) return { patronId, statement };
    const found = `${patronId} has ${statement.currency}`;
    throw new PatronFeesError(
      'INVALID_ARGUMENT',
      `members: expected accounts in ${currency}, found: ${found}`,
      {
        currency: statement.currency,
      },
    );
  });
  const write = (minor: bigint) => formatAmount(minor, digits);
  const sumOf = (which: 'opening' | 'closing'): HouseholdStatementBalances => {
    const sum = (name: keyof HouseholdStatementBalances) =>
      write(statements.reduce((total, { statement }) => total + minorUnits(statement[which][name]), 0n));
    return {
      balance: sum('balance'),
      active: sum('active'),
      disputed: sum('disputed'),
      transferred: sum('transferred'),
    };
  };
  const opening = sumOf('opening');
  let balance = minorUnits(opening.balance);
  const lines = statements
    .flatMap(({ patronId, statement }) => statement.lines.map((line) => ({ patronId, ...line })))
    // Stable, and times of recording never go back within an account: its lines stay in their order.
    .sort((a, b) => compareInstants(a.recordedAt, b.recordedAt))
    .map((line) => {
      balance += minorUnits(line.amount);
      return { ...line, balance: write(balance) };
    });
  const [{ statement: first }] = statements as [(typeof statements)[number]];
  return {
    ...first,
    opening,
    lines,
    closing: sumOf('closing'),
    paymentPlans: statements.flatMap(({ statement }) => statement.paymentPlans),
    members: statements.map(({ patronId, statement }) => {
      return { patronId, opening: statement.opening, closing: statement.closing };
    }),
  };
}
