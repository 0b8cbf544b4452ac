import { minorUnits } from '../../money/money.js';
import { type BankAccount, itemsOfRecord, type ReadBankStatement } from '../../office/bank/bankAccount.js';
import type { BankItem, UnpostedEntry } from '../../office/bank/bankEvents.js';
import type { BankEntry } from './bankEntry.js';
import type { BankStatement } from './bankStatement.js';
import { statementOf } from './recordStatements.js';
import {
  covers,
  dayAndAmount,
  isOfAnotherStatement,
  type Posted,
  positionOf,
  type WithBalances,
  wholeId,
} from './statementCoverage.js';

/** What does not meet: two statements, or a statement and the books. */
export type StatementFault = {
  readonly code: 'BALANCE_DIFFERS' | 'STATEMENT_GAP' | 'STATEMENT_TWICE';
  readonly entry: BankEntry | null;
  readonly items: readonly BankItem[];
  readonly message: string;
};

/** A statement that is recorded keeps at most this many entries that are not posted. */
const UNPOSTED_MAX = 1_000;

/**
 * Compares statements with each other, with those that were read before, and with what the books had at the bank when the
 * statements were read. The opening balance, what the books have, and the entries that are not posted are the closing
 * balance, if no posted entry is missing in the statements, or has another amount or day there.
 *
 * Keeps the statements without their entries. Of the entries it keeps only those that are not posted: a limited number of
 * each statement, and those on a day and with an amount that the books have.
 */
export function statementChecks(account: BankAccount) {
  const missing = new Map(
    [...account.entries].map(([entryId, id]) => [entryId, account.records.get(id) as Posted]),
  );
  const posted = new Set([...missing.values()].map(({ data }) => dayAndAmount(data)));
  const unposted = new Map<string, string>();
  const earlier = new Map(account.statements.map((data) => [statementOf(data), data]));
  const statements: BankStatement[] = [];
  const open = new Map<string, UnpostedEntry>();
  const postedNow = new Set<string>();
  const openOf = new Map<BankStatement, ReadonlySet<string>>();
  let current = new Set<string>();
  const isPosted = (entryId: string) => account.entries.has(entryId) || postedNow.has(entryId);
  const differing: { readonly entry: BankEntry; readonly record: Posted }[] = [];
  return {
    /** Takes a statement whose entries were read. */
    add(statement: BankStatement): void {
      statements.push(statement);
      if (statement.sum !== null && current.size <= UNPOSTED_MAX) openOf.set(statement, current);
      else for (const entryId of current) open.delete(entryId);
      current = new Set();
    },
    /** Takes an entry of a statement. */
    compare(entry: BankEntry): void {
      const [whole, ...parts] = withParts(entry);
      const isSplit = parts.some(({ entryId }) => isPosted(entryId));
      for (const one of [whole, ...parts]) {
        const record = missing.get(one.entryId);
        if (record !== undefined && dayAndAmount(record.data) !== dayAndAmount(one))
          differing.push({ entry: one, record });
        missing.delete(one.entryId);
        if ([whole, one].some(({ entryId }) => isPosted(entryId)) || (one === whole && isSplit)) continue;
        const { entryId, bookedOn, amount } = one;
        if (posted.has(dayAndAmount(one))) unposted.set(entryId, dayAndAmount(one));
        current.add(entryId);
        if (current.size <= UNPOSTED_MAX) open.set(entryId, { bookedOn, amount });
      }
    },
    /** Takes an entry that this run posts. */
    post(entry: BankEntry): void {
      postedNow.add(entry.entryId);
      for (const entryId of [...withParts(entry).map((one) => one.entryId), wholeId(entry.entryId)]) {
        for (const entries of [unposted, open, current]) entries.delete(entryId);
      }
    },
    /** Returns the entries of a statement of this run that are not posted; undefined if they are not known. */
    unpostedOf(statement: BankStatement, { entries }: BankAccount): readonly UnpostedEntry[] | undefined {
      const ids = openOf.get(statement);
      const isOpen = (entryId: string) => ![entryId, wholeId(entryId)].some((id) => entries.has(id));
      return ids && [...ids].filter(isOpen).flatMap((entryId) => open.get(entryId) ?? []);
    },
    /** Returns the statements of one account. */
    own: (isOwn: (statement: BankStatement) => boolean) => withoutRepeats(statements.filter(isOwn)),
    /**
     * Returns what does not meet.
     *
     * @param isOwn - whether a statement is one of the account that is compared
     * @param withBooks - whether the books are compared with balances
     */
    faults(isOwn: (statement: BankStatement) => boolean, withBooks: boolean): readonly StatementFault[] {
      const own = withoutRepeats(statements.filter(isOwn));
      const balanced = own.filter(hasBalances);
      const all = withoutRepeats([...own, ...[...earlier.keys()].filter(isOwn)]);
      const ofRun = new Set(own);
      const found = [
        ...twiceIn([...all.slice(own.length), ...own], ofRun),
        ...gapsIn(all.filter(hasBalances), ofRun),
      ];
      if (!withBooks) return found;
      const isCovered = (day: string) => balanced.some((statement) => covers(statement, day));
      const left = [...unposted.values()];
      for (const { entry, record } of differing) {
        const { bookedOn, amount } = record.data;
        if (![bookedOn, entry.bookedOn].some(isCovered)) continue;
        const message = `the bank has ${amountOn(entry)}, the books have ${amountOn({ bookedOn, amount })}`;
        found.push({ code: 'BALANCE_DIFFERS', entry, items: itemsOfRecord(record), message });
      }
      const readings = all.filter(hasBalances).map((statement) => ({
        statement,
        before: ofRun.has(statement) ? null : (earlier.get(statement) as ReadBankStatement),
      }));
      const isOfAnother = isOfAnotherStatement(account, readings, [...missing.values()]);
      for (const record of missing.values()) {
        const { entryId, bookedOn, amount, currency } = record.data;
        if (isOfAnother(record)) continue;
        // Posted under another id than the statement's.
        const same = left.indexOf(dayAndAmount(record.data));
        if (same >= 0) left.splice(same, 1);
        else {
          const entry = { entryId, account: null, bookedOn, amount, currency, references: [], parts: [] };
          const message = `no statement has ${amountOn(entry)} (${entryId}), the books have it`;
          found.push({ code: 'BALANCE_DIFFERS', entry, items: itemsOfRecord(record), message });
        }
      }
      return [...balanced.flatMap(ownDifference), ...found];
    },
  };
}

/** Returns an entry and its parts, as entries. */
function withParts(entry: BankEntry): readonly [BankEntry, ...BankEntry[]] {
  const parts = entry.parts.map((part, index) => ({
    ...{ ...entry, ...part, parts: [] },
    entryId: `${entry.entryId}#${index + 1}`,
  }));
  return [entry, ...parts];
}

function amountOn({ bookedOn, amount }: Pick<BankEntry, 'bookedOn' | 'amount'>): string {
  return `${amount} on ${bookedOn}`;
}

function hasBalances(statement: BankStatement): statement is WithBalances {
  return statement.opening !== null && statement.closing !== null;
}

/** Returns statements that are not the same as one before. */
function withoutRepeats(statements: readonly BankStatement[]): readonly BankStatement[] {
  const keys = new Set<string>();
  return statements.filter(({ number, page, opening, closing, sha256 }) => {
    const key = JSON.stringify([number, page, opening, closing, sha256]);
    if (keys.has(key)) return false;
    keys.add(key);
    return true;
  });
}

/** Returns a fault if a statement's entries are not the difference of its balances. */
function ownDifference(statement: WithBalances): readonly StatementFault[] {
  const { opening, closing, sum } = statement;
  if (sum === null || minorUnits(opening.amount) + minorUnits(sum) === minorUnits(closing.amount)) return [];
  const message = `${nameOf(statement)}: ${opening.amount} and entries of ${sum} are not ${closing.amount}`;
  return [{ code: 'BALANCE_DIFFERS', entry: null, items: [], message }];
}

/** Returns the statements with the number, but not the entries, of one before. */
function twiceIn(statements: readonly BankStatement[], ofRun: ReadonlySet<BankStatement>): StatementFault[] {
  const known = new Map<string, string>();
  return statements.flatMap((statement) => {
    const { number, page, sha256 } = statement;
    const key = JSON.stringify([yearOf(statement), number, page]);
    const first = known.get(key) ?? sha256;
    known.set(key, first);
    if (number === null || first === sha256 || !ofRun.has(statement)) return [];
    const message = `another ${nameOf(statement)} has other entries`;
    return [{ code: 'STATEMENT_TWICE', entry: null, items: [], message }];
  });
}

/** Returns the statements that do not continue one before. The first of all continues none. */
function gapsIn(statements: readonly WithBalances[], ofRun: ReadonlySet<BankStatement>): StatementFault[] {
  const sorted = [...statements].sort(
    (a, b) =>
      compareText(a.closing.day, b.closing.day) ||
      compareText(a.opening.day, b.opening.day) ||
      Number(a.number) - Number(b.number) ||
      Number(a.page) - Number(b.page) ||
      0,
  );
  const endings = new Map<string, WithBalances[]>();
  const days: string[] = [];
  return sorted.flatMap((statement) => {
    const { opening, closing, number, firstDay } = statement;
    const last = days[positionOf(days, opening.day) - 1];
    const near = [last, opening.day]
      .flatMap((day) => (day === undefined ? [] : (endings.get(day) ?? [])))
      .filter((other) => isBefore(other, statement));
    const ended = endings.get(closing.day);
    if (ended === undefined) {
      days.push(closing.day);
      endings.set(closing.day, [statement]);
    } else ended.push(statement);
    const previous = near.at(-1);
    if (previous === undefined || ![statement, ...near].some((one) => ofRun.has(one))) return [];
    const numbers = near.filter((other) => yearOf(other) === yearOf(statement) && other.number !== null);
    const jump = Number(number ?? Number.NaN) - Math.max(...numbers.map((other) => Number(other.number)));
    const meets = near.some(({ closing }) => minorUnits(closing.amount) === minorUnits(opening.amount));
    // A week and its last day: the day begins within the week.
    const overlaps = near.some(
      (other) =>
        ![opening, other.closing].some(({ isInterim }) => isInterim) &&
        other.opening.day < opening.day &&
        [other.closing.day, firstDay].every((day) => day === opening.day),
    );
    if (overlaps || (meets && !(Number.isFinite(jump) && jump > 1))) return [];
    const message = meets
      ? `numbers are missing between ${nameOf(previous)} and ${nameOf(statement)}`
      : `${nameOf(previous)} ends with ${previous.closing.amount}, ${nameOf(statement)} begins with ${opening.amount}`;
    return [{ code: 'STATEMENT_GAP', entry: null, items: [], message }];
  });
}

/** Returns whether a statement ends where another one begins, or earlier. A day and its month begin together. */
function isBefore({ opening, closing }: WithBalances, after: WithBalances): boolean {
  const beginTogether = opening.day === after.opening.day && opening.amount === after.opening.amount;
  return closing.day <= after.opening.day && !beginTogether;
}

function yearOf({ closing, firstDay }: BankStatement): string {
  return (closing?.day ?? firstDay ?? '').slice(0, 4);
}

function nameOf(statement: BankStatement): string {
  const { number, page, statementId } = statement;
  if (number === null) return `statement ${statementId}`;
  return `statement ${number} of ${yearOf(statement)}${page === null ? '' : `, page ${page}`}`;
}

function compareText(a: string, b: string): number {
  return a < b ? -1 : Number(a > b);
}
