import { minorUnits } from '../../money/money.js';
import type { BankAccount, ReadBankStatement } from '../../office/bank/bankAccount.js';
import type { BankBalance, BankEntryBooked, BankEntryConfirmed } from '../../office/bank/bankEvents.js';
import type { BankEntry } from './bankEntry.js';
import type { BankStatement } from './bankStatement.js';

/** What the books have of an entry. */
export type Posted = BankEntryConfirmed | BankEntryBooked;

/** A statement with both balances. */
export type WithBalances = BankStatement & {
  readonly opening: BankBalance;
  readonly closing: BankBalance;
};

/** A statement of this run, or of an earlier one. */
export type Reading = { readonly statement: WithBalances; readonly before: ReadBankStatement | null };

/**
 * Returns a function that says whether what the books have, and no statement of this run, may be of another statement: one
 * that was not read yet, or one that an earlier run read, which had it or did not know it.
 */
export function isOfAnotherStatement(
  account: BankAccount,
  readings: readonly Reading[],
  records: readonly Posted[],
) {
  const firstPlaces = new Map<string, number>();
  const places = new Map<unknown, number>();
  for (const record of account.records.values()) {
    const place = places.size;
    places.set(record, place);
    const id = 'entryId' in record.data ? wholeId(record.data.entryId) : '';
    if (!firstPlaces.has(id)) firstPlaces.set(id, place);
  }
  const days = [...new Set(records.map(({ data }) => data.bookedOn))].sort();
  const ofDay = new Map<string, Reading[]>(days.map((day) => [day, []]));
  for (const reading of readings) {
    for (let at = positionOf(days, reading.statement.opening.day); at < days.length; at++) {
      const day = days[at] as string;
      if (day > reading.statement.closing.day) break;
      if (touches(reading.statement, day)) ofDay.get(day)?.push(reading);
    }
  }
  const left = new Map(
    readings.flatMap(({ before }) => (before?.unposted ? [[before, before.unposted.map(dayAndAmount)]] : [])),
  );
  const mayHave = (statements: readonly ReadBankStatement[], record: Posted): boolean => {
    // Posted before, and perhaps undone and posted again.
    const since = Math.min(
      places.get(record) as number,
      firstPlaces.get(wholeId(record.data.entryId)) as number,
    );
    if (statements.some((before) => since < before.recordsBefore || !left.has(before))) return true;
    const key = dayAndAmount(record.data);
    const has = statements.find((before) => left.get(before)?.includes(key));
    if (has !== undefined) left.get(has)?.splice(left.get(has)?.indexOf(key) as number, 1);
    return has !== undefined;
  };
  return (record: Posted): boolean => {
    const day = record.data.bookedOn;
    const touching = ofDay.get(day) as readonly Reading[];
    const isUnreadable = touching.some(({ statement, before }) => before === null && statement.sum === null);
    if (isUnreadable || !haveAllOf(day, touching)) return true;
    const isWithin = touching.some(
      ({ statement: { opening, closing }, before }) =>
        before === null && opening.day < day && day < closing.day,
    );
    // An entry is in one of the statements and pages that have only this day, or a part of it, and in each longer one.
    const ofThisDay: ReadBankStatement[] = [];
    const longer: ReadBankStatement[][] = [];
    for (const { statement, before } of touching) {
      if (before === null) continue;
      if (isLonger(statement, day)) longer.push([before]);
      else ofThisDay.push(before);
    }
    return !isWithin && [ofThisDay, ...longer].filter((statements) => mayHave(statements, record)).length > 0;
  };
}

/** Returns whether a statement has all entries of a day, and is of other days, too. */
function isLonger(statement: WithBalances, day: string): boolean {
  const { opening, closing, firstDay } = statement;
  return covers(statement, day) && (day < closing.day || ![opening.day, firstDay].includes(day));
}

/** Returns whether a statement may have entries of a day. Some banks date the opening balance on the day before. */
function touches({ opening, closing, firstDay }: WithBalances, day: string): boolean {
  const fromOpening = opening.day === closing.day || firstDay === opening.day || opening.isInterim;
  return day <= closing.day && (day > opening.day || (day === opening.day && fromOpening));
}

/** Returns whether a page begins on a day, or ends on it, that another page has, too. */
const beginsWithin = ({ opening }: WithBalances, day: string) => opening.isInterim && opening.day === day;
const endsWithin = ({ closing }: WithBalances, day: string) => closing.isInterim && closing.day === day;

/** Returns whether a statement has all entries of a day. */
export function covers(statement: WithBalances, day: string): boolean {
  return touches(statement, day) && !beginsWithin(statement, day) && !endsWithin(statement, day);
}

/** Returns whether statements that may have entries of a day have all of them: one alone, or page after page. */
function haveAllOf(day: string, readings: readonly Reading[]): boolean {
  const pages = readings.map(({ statement }) => statement);
  let ends = pages.filter((page) => !beginsWithin(page, day));
  for (let left = pages.filter((page) => beginsWithin(page, day)); ; ) {
    if (ends.some((page) => !endsWithin(page, day))) return true;
    const balances = new Set(ends.map(({ closing }) => minorUnits(closing.amount)));
    ends = left.filter(({ opening }) => balances.has(minorUnits(opening.amount)));
    if (ends.length === 0) return false;
    left = left.filter((page) => !ends.includes(page));
  }
}

/** Returns the position of the first text that is not below one; the texts are sorted. */
export function positionOf(sorted: readonly string[], text: string): number {
  let [from, to] = [0, sorted.length];
  while (from < to) {
    const middle = (from + to) >> 1;
    if ((sorted[middle] as string) < text) from = middle + 1;
    else to = middle;
  }
  return from;
}

/** Returns the id of the entry that a part is of. */
export function wholeId(entryId: string): string {
  return entryId.replace(/#\d+$/, '');
}

/** Returns what identifies an entry if its id does not: its day and amount. */
export function dayAndAmount({ bookedOn, amount }: Pick<BankEntry, 'bookedOn' | 'amount'>): string {
  return `${bookedOn}/${minorUnits(amount)}`;
}
