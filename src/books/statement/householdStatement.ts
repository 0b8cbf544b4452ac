import * as v from 'valibot';
import { nameField } from '../../account/fieldSchemas.js';
import { PatronFeesError } from '../../errors.js';
import type { RecordedEvent } from '../../history/eventStore.js';
import { compareInstants } from '../../history/instants.js';
import { checkedArgument } from '../../input/checkedArgument.js';
import { digitsOf } from '../../money/currency.js';
import { formatAmount, minorUnits } from '../../money/money.js';
import { definedPolicy, type FeePolicy } from '../../policy/feePolicy.js';
import {
  type AccountStatement,
  accountStatement,
  type StatementBalances,
  type StatementInput,
} from './accountStatement.js';
import type { StatementLine } from './statementLine.js';

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

const inputSchema = v.looseObject({ from: moment, before: moment });

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
  checkedArgument(inputSchema, input, 'input');
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
