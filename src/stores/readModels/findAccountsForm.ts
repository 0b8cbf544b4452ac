import * as v from 'valibot';
import { nameField } from '../../account/fieldSchemas.js';
import { type ErrorCode, PatronFeesError } from '../../errors.js';
import { type StreamId, streamName } from '../../history/eventStore.js';
import { checkedArgument } from '../../input/checkedArgument.js';
import { DAY_MS, instantField } from '../../input/instant.js';
import { wholeNumber } from '../../input/wholeNumber.js';
import { digitsOf, minorDigits } from '../../money/currency.js';
import { ALL, type FoundAccount, foundAccount, storedInstant, storedTime } from './accountColumns.js';

/** Which accounts to find, in which order. All conditions must hold. */
export type FindAccountsForm = {
  /** The institution of the accounts. */
  readonly institution: string;
  /** ISO 4217 code of the amounts; accounts in another currency are not found. */
  readonly currency: string;
  /** Only accounts that owe more than this amount, a decimal string; `0.00` if left out. */
  readonly owedAbove?: string;
  /**
   * The oldest open fee is older than this number of days (of 24 hours), counted to `at`. A fee's age counts from the
   * day it was assessed; a growing fine's from the day its growth ended.
   *
   * @defaultValue any age
   */
  readonly ageAboveDays?: number;
  /** The time that ages are counted to, ISO 8601 with a zone; none if left out. Required with `ageAboveDays`. */
  readonly at?: string;
  /**
   * Only fees of this type: owed amount, number and age are then of these fees.
   *
   * @defaultValue fees of all types
   */
  readonly feeType?: string;
  /**
   * Only fees of this library: owed amount, number and age are then of these fees.
   *
   * @defaultValue fees of all libraries
   */
  readonly owner?: string;
  /**
   * Only this patron: one row, or no row if the conditions do not hold. Throws if the account cannot be read or is
   * parked, or if a table that appends keep lacks its newest events.
   *
   * @defaultValue all patrons
   */
  readonly patronId?: string;
  /**
   * The order: most owed first, oldest open fee first, or by patron id.
   *
   * @defaultValue `owed`
   */
  readonly order?: AccountOrder;
  /** The cursor of the page before; the beginning if left out. */
  readonly after?: string;
  /** The number of accounts of a page, 1 to 1,000; 100 if left out. */
  readonly limit?: number;
};

/** The orders of found accounts. */
export const accountOrders = ['owed', 'oldest', 'patron'] as const;

/**
 * An order of found accounts.
 *
 * - `owed`: most owed first.
 * - `oldest`: the account with the oldest open fee first.
 * - `patron`: by patron id.
 */
export type AccountOrder = (typeof accountOrders)[number];

/** A page of found accounts. */
export type FoundAccounts = {
  /** The accounts; fewer than the limit on the last page. */
  readonly accounts: readonly FoundAccount[];
  /** The number of accounts of the institution that are on no page, because they cannot be read or are parked. */
  readonly unreadable: number;
  /** The cursor for the next page, with the same form; null after the last page. */
  readonly cursor: string | null;
};

const limitExpected = 'a whole number from 1 to 1000';

const formSchema = v.strictObject({
  institution: nameField,
  currency: v.pipe(
    v.string('an ISO 4217 code'),
    v.check((code) => minorDigits(code) !== undefined, 'an ISO 4217 code'),
  ),
  owedAbove: v.optional(v.string('an amount'), '0'),
  ageAboveDays: v.optional(wholeNumber(0)),
  at: v.optional(instantField),
  feeType: v.optional(nameField),
  owner: v.optional(nameField),
  patronId: v.optional(nameField),
  order: v.optional(v.picklist(accountOrders), 'owed'),
  after: v.optional(v.string('a cursor')),
  limit: v.optional(
    v.pipe(
      v.number(limitExpected),
      v.safeInteger(limitExpected),
      v.minValue(1, limitExpected),
      v.maxValue(1_000, limitExpected),
    ),
    100,
  ),
});

/** The row of a patron is found by its key. */
const TRUE = '1 = 1';

/** A value of a statement. */
type Value = string | number;

/** A query for accounts: the parts of its statement, with `?` for each value. */
export type AccountsQuery = {
  /** The conditions on the table of what is owed. */
  readonly where: string;
  /** The order of the rows. */
  readonly order: string;
  /**
   * Whether anybody owes so much, which the index of amounts says at once: if not, the other index would be read to its
   * end. True if a patron is named.
   */
  readonly any: string;
  /** Selects, as one value, the fault of the patron's account, or the number of accounts with a fault. */
  readonly faulty: string;
  /** The values of `faulty`, of the conditions and of `any`, in order. */
  readonly values: readonly Value[];
  readonly limit: number;
  /** Converts rows, each with the value of `faulty`, to a page; without accounts, one row without a patron. */
  readonly page: (rows: readonly Readonly<Record<string, unknown>>[]) => FoundAccounts;
};

/**
 * Checks a form, and writes its query.
 *
 * @throws {@link index.PatronFeesError | PatronFeesError} `INVALID_ARGUMENT` for an invalid form
 */
export function accountsQuery(form: FindAccountsForm): AccountsQuery {
  const checked = checkedArgument(formSchema, form, 'form');
  const {
    institution,
    currency,
    feeType = ALL,
    owner = ALL,
    patronId,
    ageAboveDays,
    at,
    order,
    limit,
  } = checked;
  const digits = digitsOf(currency);
  const amount = amountIn(checked.owedAbove, digits);
  const conditions: [text: string, ...values: Value[]][] = [
    ['institution = ?', institution],
    ['fee_type = ?', feeType],
    ['owner = ?', owner],
    // In another order, the condition must not use the index of amounts, or the planner sorts its rows: the sign
    // prevents it.
    [order === 'owed' ? 'owed > ?' : '+owed > ?', amount],
    ['currency = ?', currency],
  ];
  if (patronId !== undefined) conditions.push(['patron_id = ?', patronId]);
  if (ageAboveDays !== undefined) {
    if (at === undefined) throw invalid('form.at: missing (expected the time that ages are counted to)');
    const before = Date.parse(storedInstant(at)) - ageAboveDays * DAY_MS;
    conditions.push(['oldest_open_at < ?', storedTime(before)]);
  }
  if (checked.after !== undefined) conditions.push(following(order, checked.after));
  const faulty = faultyAccounts(institution, patronId);
  return {
    where: conditions.map(([text]) => text).join(' and '),
    order: ORDERS[order],
    any:
      patronId === undefined
        ? '(select max(owed) from patron_fees_owed where institution = ? and fee_type = ? and owner = ?) > ?'
        : TRUE,
    faulty: faulty.text,
    values: [
      ...faulty.values,
      ...conditions.flatMap(([, ...values]) => values),
      ...(patronId === undefined ? [institution, feeType, owner, amount] : []),
    ],
    limit,
    page: (rows) => {
      const unreadable = faulty.count(rows[0]?.faulty);
      const found = rows.filter(({ patron_id }) => patron_id !== null);
      return {
        accounts: found.map((row) => foundAccount(row, digits)),
        unreadable,
        cursor: found.length < limit ? null : cursorOf(order, found.at(-1) ?? {}),
      };
    },
  };
}

const ORDERS: Readonly<Record<AccountOrder, string>> = {
  owed: 'owed desc, patron_id',
  oldest: 'oldest_open_at, patron_id',
  patron: 'patron_id',
};

/** Parses an amount to minor units. What an account owes may have more digits than a single amount. */
function amountIn(text: string, digits: number): number {
  const [, whole, decimals = ''] = /^([0-9]{1,15})(?:\.([0-9]+))?$/.exec(text) ?? [];
  const amount = Number(`${whole}${decimals.padEnd(digits, '0')}`);
  if (whole !== undefined && decimals.length <= digits && Number.isSafeInteger(amount)) return amount;
  throw invalid(
    `form.owedAbove: expected an amount with at most ${digits} decimals, found ${JSON.stringify(text)}`,
  );
}

/** A cursor is the place of the page's last row in the order, so it stays valid after any changes. */
function cursorOf(order: AccountOrder, row: Readonly<Record<string, unknown>>): string {
  const id = String(row.patron_id);
  if (order === 'patron') return JSON.stringify([id]);
  return JSON.stringify([order === 'owed' ? Number(row.owed) : String(row.oldest_open_at), id]);
}

function following(order: AccountOrder, cursor: string): [text: string, ...values: Value[]] {
  const place = placeIn(cursor);
  const [first, second] = place;
  // A database may refuse other texts, and end the transaction of the caller.
  if (order === 'patron' && place.length === 1 && v.is(nameField, first)) return ['patron_id > ?', first];
  if (order === 'owed' && typeof first === 'number' && v.is(nameField, second)) {
    return ['owed <= ? and (owed < ? or patron_id > ?)', first, first, second];
  }
  if (order === 'oldest' && v.is(instantField, first) && v.is(nameField, second)) {
    const oldest = storedInstant(first);
    return ['oldest_open_at >= ? and (oldest_open_at > ? or patron_id > ?)', oldest, oldest, second];
  }
  throw unknownCursor(cursor);
}

function placeIn(cursor: string): readonly unknown[] {
  try {
    const place: unknown = JSON.parse(cursor);
    if (Array.isArray(place) && place.every((part) => typeof part === 'string' || Number.isSafeInteger(part)))
      return place;
  } catch {
    // Not a cursor, as for every other text.
  }
  throw unknownCursor(cursor);
}

function unknownCursor(cursor: string): PatronFeesError {
  return invalid(`form.after: expected a cursor of a page in the same order, found ${cursor}`);
}

function invalid(message: string): PatronFeesError {
  return new PatronFeesError('INVALID_ARGUMENT', message);
}

/**
 * The version of the rows. Raise it whenever a column is added or computed differently: the tables are then rebuilt
 * beside those in use. A release also writes the rows of earlier layouts, and reads those of later ones; so a column is
 * never removed, renamed, or moved, and a new one is the last.
 */
export const LAYOUT = 1;

/** The first layout with all columns that `findAccounts` returns. Raise it, to {@link LAYOUT}, when one is added. */
const FIRST_FOUND: number = 1;

/** Throws unless the tables are complete, with the columns that are found. */
export function assertComplete(row: Readonly<Record<string, unknown>> | undefined): void {
  if (Number(row?.layout) >= FIRST_FOUND && Number(row?.is_complete) === 1) return;
  throw new PatronFeesError(
    'READ_MODEL_INCOMPLETE',
    'the table of accounts is not complete: rebuild it (rebuildAccounts), or follow the store until it is current',
  );
}

/** Throws if a later release keeps the tables: this one does not compute all of their columns. */
export function assertOwnLayout(row: Readonly<Record<string, unknown>> | undefined): void {
  if (row === undefined || Number(row.layout) <= LAYOUT) return;
  throw new PatronFeesError(
    'INVALID_ARGUMENT',
    `the table of accounts has layout ${row.layout} of a later release, and this release can only read it: update this process`,
    { layout: Number(row.layout), known: LAYOUT },
  );
}

/** What a query says about the accounts of an institution that cannot be read or are parked. */
type FaultyAccounts = {
  /** Selects, as one value, the fault of the patron's account, or the number of accounts with a fault. */
  readonly text: string;
  /** The values of the text. */
  readonly values: readonly string[];
  /** Converts the selected value to the number of accounts; throws if it is a fault. */
  readonly count: (value: unknown) => number;
};

/** Stands for a fault if the row of an account is missing, or older than its events. */
const BEHIND = 'BEHIND';

const OF_PATRON = 'from patron_fees_accounts where institution = ? and patron_id = ?';

/** A table with a cursor is kept by following: it may be behind, and its events may be in another store. */
const FAULT_OF_PATRON = `coalesce(
  (select fault ${OF_PATRON}),
  case when (select cursor from patron_fees_read_model where name = 'accounts') is null and exists (
    select 1 from patron_fees_event where institution = ? and patron_id = ?
      and version > coalesce((select version ${OF_PATRON}), 0)
  ) then '${BEHIND}' end)`;

/** Nothing is known of what an account with a fault owes: it must not look like one that owes nothing. */
export function faultyAccounts(institution: string, patronId: string | undefined): FaultyAccounts {
  if (patronId === undefined) {
    const text = '(select count(*) from patron_fees_accounts where institution = ? and fault is not null)';
    return { text, values: [institution], count: Number };
  }
  return {
    text: FAULT_OF_PATRON,
    values: [institution, patronId, institution, patronId, institution, patronId],
    count: (fault) => {
      if (fault !== null) throw faultyAccount({ institution, patronId }, String(fault));
      return 0;
    },
  };
}

function faultyAccount(account: StreamId, fault: string): PatronFeesError {
  const name = streamName(account);
  if (fault === BEHIND) {
    return new PatronFeesError(
      'READ_MODEL_INCOMPLETE',
      `${name} has events that the table of accounts lacks: they were appended without inlineAccounts. Rebuild it (rebuildAccounts)`,
      { stream: name },
    );
  }
  const code: ErrorCode =
    fault === 'CORRUPT_HISTORY' || fault === 'INVALID_EVENT' ? fault : 'READ_MODEL_INCOMPLETE';
  return new PatronFeesError(
    code,
    `${name} cannot be read, or is parked (${fault}): the table of accounts does not say what it owes`,
    { stream: name, fault },
  );
}
