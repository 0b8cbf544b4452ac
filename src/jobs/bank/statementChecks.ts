import { minorUnits } from '../../money/money.js';
import { type BankAccount, itemsOfRecord } from '../../office/bank/bankAccount.js';
import type {
  BankBalance,
  BankEntryBooked,
  BankEntryConfirmed,
  BankItem,
} from '../../office/bank/bankEvents.js';
import type { BankEntry } from './bankEntry.js';
import type { BankStatement } from './bankStatement.js';
import { statementOf } from './recordStatements.js';

/** What does not meet: two statements, or a statement and the books. */
export type StatementFault = {
  readonly code: 'BALANCE_DIFFERS' | 'STATEMENT_GAP' | 'STATEMENT_TWICE';
  readonly entry: BankEntry | null;
  readonly items: readonly BankItem[];
  readonly message: string;
};

type Posted = BankEntryConfirmed | BankEntryBooked;

type WithBalances = BankStatement & {
  readonly opening: BankBalance;
  readonly closing: BankBalance;
};

/**
 * Compares statements with each other, with those that were read before, and with what the books had at the bank when the
 * statements were read. The opening balance, what the books have, and the entries that are not posted are the closing
 * balance, if no posted entry is missing in the statements, or has another amount or day there.
 *
 * Keeps the statements without their entries, and of these only those that are not posted, on a day and with an amount that
 * the books have.
 */
export function statementChecks(account: BankAccount) {
  const missing = new Map(
    [...account.entries].map(([entryId, id]) => [entryId, account.records.get(id) as Posted]),
  );
  const posted = new Set([...missing.values()].map(({ data }) => dayAndAmount(data)));
  const unposted = new Map<string, string>();
  const earlier = account.statements.map(statementOf);
  const statements: BankStatement[] = [];
  const differing: { readonly entry: BankEntry; readonly record: Posted }[] = [];
  return {
    /** Takes a statement whose entries were read. */
    add(statement: BankStatement): void {
      statements.push(statement);
    },
    /** Takes an entry of a statement. */
    compare(entry: BankEntry): void {
      const [whole, ...parts] = withParts(entry);
      const isSplit = parts.some(({ entryId }) => account.entries.has(entryId));
      for (const one of [whole, ...parts]) {
        const record = missing.get(one.entryId);
        if (record !== undefined && dayAndAmount(record.data) !== dayAndAmount(one))
          differing.push({ entry: one, record });
        missing.delete(one.entryId);
        const isPosted = [whole, one].some(({ entryId }) => account.entries.has(entryId));
        if (isPosted || (one === whole && isSplit) || !posted.has(dayAndAmount(one))) continue;
        unposted.set(one.entryId, dayAndAmount(one));
      }
    },
    /** Takes an entry that this run posts. */
    post(entry: BankEntry): void {
      for (const { entryId } of withParts(entry)) unposted.delete(entryId);
      unposted.delete(entry.entryId.replace(/#\d+$/, ''));
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
      const all = withoutRepeats([...own, ...earlier.filter(isOwn)]);
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
      for (const record of missing.values()) {
        const { entryId, bookedOn, amount, currency } = record.data;
        if (!isCovered(bookedOn)) continue;
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

function dayAndAmount({ bookedOn, amount }: Pick<BankEntry, 'bookedOn' | 'amount'>): string {
  return `${bookedOn}/${minorUnits(amount)}`;
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

/**
 * Returns whether a statement has all entries of a day. Some banks date the opening balance on the day before, and a
 * day may be on two pages.
 */
function covers({ opening, closing, firstDay }: WithBalances, day: string): boolean {
  const fromOpening = opening.day === closing.day || firstDay === opening.day;
  const hasBegun = day > opening.day || (day === opening.day && fromOpening && !opening.isInterim);
  return hasBegun && (day < closing.day || (day === closing.day && !closing.isInterim));
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
  return sorted.flatMap((statement, index) => {
    const { opening, number } = statement;
    const before = sorted.slice(0, index).filter((other) => isBefore(other, statement));
    const last = before.filter(({ closing }) => closing.day < opening.day).at(-1)?.closing.day;
    const near = before.filter(({ closing }) => closing.day === opening.day || closing.day === last);
    const previous = near.at(-1);
    if (previous === undefined || ![statement, ...near].some((one) => ofRun.has(one))) return [];
    const numbers = near.filter((other) => yearOf(other) === yearOf(statement) && other.number !== null);
    const jump = Number(number ?? Number.NaN) - Math.max(...numbers.map((other) => Number(other.number)));
    const meets = near.some(({ closing }) => minorUnits(closing.amount) === minorUnits(opening.amount));
    if (meets && !(Number.isFinite(jump) && jump > 1)) return [];
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
