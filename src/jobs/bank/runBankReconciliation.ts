import * as v from 'valibot';
import { isPosted } from '../../books/journal/officePostings.js';
import type { EventStore, NamedStream, StreamId } from '../../history/eventStore.js';
import { RETRY } from '../../history/retry.js';
import { checkedArgument } from '../../input/checkedArgument.js';
import { type StreamFinding, unreadable } from '../../job/accountFinding.js';
import { everyAccount } from '../../job/job.js';
import { daysBetween, localDay } from '../../job/localDay.js';
import { openJob } from '../../job/openJob.js';
import { amountTally } from '../../job/tallies.js';
import { minorUnits } from '../../money/money.js';
import { type BankAccount, bankItemKey, foldBankAccount } from '../../office/bank/bankAccount.js';
import type { ConfirmBankEntry } from '../../office/bank/bankCommands.js';
import type { BankEvent, BankItem } from '../../office/bank/bankEvents.js';
import { decideBank } from '../../office/bank/decideBank.js';
import { loadBankAccount } from '../../office/bank/executeBank.js';
import type { OfficeStore } from '../../office/officeEvents.js';
import { executeOffice } from '../../office/officeStream.js';
import { streamOfKind, streamParts } from '../../office/streamKinds.js';
import type { FeePolicy } from '../../policy/feePolicy.js';
import {
  type BankEntry,
  type BankFigures,
  type BankFinding,
  type BankReconciliation,
  type BankReconciliationForm,
  type BankReconciliationOptions,
  bankReconciliationFormSchema,
  entriesField,
} from './bankReconciliationForm.js';
import {
  confirmedReturns,
  type ExpectedItem,
  hasReturned,
  itemsOfStream,
  leftOf,
  noBooks,
  returnedOf,
  safeDepositsOf,
  settledAt,
  settledWith,
  sumOfItems,
  wronglyConfirmed,
} from './expectedItems.js';

/**
 * What was found of an entry of a bank, and the open items that it names.
 *
 * - `confirmed`: it is one whole item of its reference, or all items of the references that it names.
 * - `ambiguous`: it may be one of several such items.
 * - `differs`: it is another amount, or what parts left of an item: a person confirms that.
 * - `unknown`: it names none.
 */
type BankMatch = {
  readonly outcome: 'confirmed' | 'ambiguous' | 'differs' | 'unknown';
  readonly items: readonly BankItem[];
};

/** What an entry says of itself, or one of its parts. */
type Naming = Pick<BankEntry, 'bookedOn' | 'amount' | 'references'>;

/**
 * Matches entries of a bank with the items that they name: never by their amount alone. Keeps the items in memory, and no
 * entry.
 *
 * @param expected - what is open
 * @param settled - what is confirmed or ended: an entry that another statement has again does not confirm what its slip has left
 */
export function bankMatcher(
  expected: readonly ExpectedItem[],
  settled: readonly ExpectedItem[],
  withinDays: number,
) {
  const open = new Set(expected.map(({ item }) => bankItemKey(item)));
  const byWords = new Map<string, ExpectedItem[]>();
  for (const one of [...expected, ...settled]) {
    const words = wordsOf(one.reference ?? '').join(' ');
    if (isDistinct(words)) byWords.set(words, [...(byWords.get(words) ?? []), one]);
  }
  const longest = Math.max(0, ...[...byWords.keys()].map((words) => words.split(' ').length));
  const isOpen = ({ item }: ExpectedItem) => open.has(bankItemKey(item));
  /** The books may be behind the bank: a deposit at night, a till that is closed the day after. */
  const mayHave = ({ day }: ExpectedItem, bookedOn: string) =>
    bookedOn >= day || daysBetween(bookedOn, day) <= withinDays;
  /** Returns the items of each reference that an entry names and of which one is open. */
  const named = ({ references, bookedOn }: Naming): readonly (readonly ExpectedItem[])[] => {
    const phrases = phrasesOf(references, longest).filter((words) => byWords.has(words));
    // `4711` is no reference of its own in `wire 4711`.
    const isOwn = (words: string) =>
      !phrases.some((other) => other !== words && ` ${other} `.includes(` ${words} `));
    return phrases
      .filter(isOwn)
      .map((words) => (byWords.get(words) ?? []).filter((one) => mayHave(one, bookedOn)))
      .filter((items) => items.some(isOpen));
  };
  return {
    /** Returns whether an entry, or a part of one, names an open item. */
    names: (entry: Naming): boolean => named(entry).length > 0,
    /** Returns what was found of an entry. What it confirms is no longer open. */
    match(entry: Naming): BankMatch {
      const references = named(entry);
      const all = references.flat();
      const items = all.filter(isOpen).map(({ item }) => item);
      if (items.length === 0) return { outcome: 'unknown', items };
      const minor = minorUnits(entry.amount);
      const whole = all.filter(({ item }) => item.of === undefined);
      const isAll = items.length > 1 && whole.filter(isOpen).length === all.length && sumOf(items) === minor;
      const alike = references.length > 1 ? [] : whole.filter(({ item }) => sumOf([item]) === minor);
      const before = new Set(alike.filter((one) => !isOpen(one)).map(({ day }) => day));
      const single = alike.filter((one) => isOpen(one) && !before.has(one.day)).map(({ item }) => [item]);
      const [confirmed, ...others] = isAll ? [...single, items] : single;
      if (confirmed === undefined && !alike.some(isOpen)) return { outcome: 'differs', items };
      if (confirmed === undefined || others.length > 0) return { outcome: 'ambiguous', items };
      for (const item of confirmed) open.delete(bankItemKey(item));
      return { outcome: 'confirmed', items: confirmed };
    },
    /** Returns the items that no entry confirmed, the oldest first. */
    open: (): readonly ExpectedItem[] =>
      expected.filter(isOpen).sort((a, b) => (a.day < b.day ? -1 : Number(a.day > b.day))),
  };
}

function sumOf(items: readonly BankItem[]): bigint {
  return items.reduce((sum, { amount }) => sum + minorUnits(amount), 0n);
}

/** Returns whether a reference can hardly be a part of another text: `slip 118` or `4711`, not `118` or `2026`. */
function isDistinct(words: string): boolean {
  const isLong = words.includes(' ') || (words.length >= 4 && !/^(?:19|20)\d\d$/.test(words));
  return isLong && /\p{N}/u.test(words);
}

/** Returns all runs of up to `longest` words in references. */
function phrasesOf(references: readonly string[], longest: number): readonly string[] {
  const phrases = new Set<string>();
  for (const reference of references) {
    const words = wordsOf(reference);
    for (let from = 0; from < words.length; from++)
      for (let length = 1; length <= longest && from + length <= words.length; length++)
        phrases.add(words.slice(from, from + length).join(' '));
  }
  return [...phrases];
}

/** Returns the words of a reference: letters and digits, in lower case. */
function wordsOf(reference: string): readonly string[] {
  return reference.toLowerCase().match(/[\p{L}\p{N}]+/gu) ?? [];
}

/** A report has at most this many open items. */
const OPEN_MAX = 1_000;

/** The number of confirmations that are recorded at once. */
const BATCH_SIZE = 500;

/**
 * Compares the statement of a bank with the books: deposits of tills and from the safe, payments that the bank
 * returned, money that external systems handed over or were paid, and what payment providers paid out. An entry is
 * matched by the references that it names, never by its amount alone: it confirms one whole item of its reference, or all
 * items of the references that it names. A match is recorded in the office (`BankEntryConfirmed`), and the journal posts it
 * to the bank. All other entries and items stay open, and a person settles them.
 *
 * The same statement again, or one that overlaps it, records nothing twice.
 *
 * Keeps in memory the items of the period.
 *
 * @param stores - the store with the accounts, and that of the office
 * @param policy - the institution's policy
 * @param form - the institution, the account at the bank, the period
 * @param options - the entries; callbacks for findings and progress; signal; concurrency
 * @returns the report, ready for JSON
 * @throws {@link index.PatronFeesError | PatronFeesError} before anything is read: `INVALID_ARGUMENT` with every fault of the
 * stores, the form and the options in `details.faults`, `INVALID_POLICY` for an invalid policy. Later: `JOB_CANCELLED`
 * with the report so far once the signal is aborted; any error of the stores or of the entries
 *
 * @example
 * ```ts
 * import { definePolicy } from 'patron-fees';
 * import { memoryEventStore } from 'patron-fees/history';
 * import { bankRows, executeBank, officeEvents, runBankReconciliation } from 'patron-fees/office';
 *
 * const at = '2026-03-03T14:00:00Z';
 * const stores = { accounts: memoryEventStore({ now: () => at }), office: memoryEventStore({ now: () => at, codec: officeEvents }) };
 * const policy = definePolicy({ currency: 'USD' });
 * const by = { channel: 'desk', userId: 'fin' } as const;
 * const giro = { institution: 'north', bank: 'GIRO' };
 * await executeBank(stores.office, policy, giro, { type: 'DepositFromSafe', id: 'd1', amount: '300', reference: 'slip 119', at, by });
 *
 * const columns = { bookedOn: 'day', amount: 'amount', references: ['text'] };
 * const entries = bankRows(['day,amount,text\n2026-03-04,300.00,DEPOSIT SLIP 119\n'], { columns, currency: 'USD' });
 * const form = { ...giro, timeZone: 'UTC', from: '2026-03-01', through: '2026-03-31', at, by } as const;
 * const { confirmed, missing } = await runBankReconciliation(stores, policy, form, { entries });
 * [confirmed.safeDeposit, missing.count]; //=> [{ count: 1, amount: '300.00' }, 0]
 * ```
 */
export async function runBankReconciliation(
  stores: {
    /** The store with the events of the accounts. */
    readonly accounts: EventStore;
    /** The store with the events of the office, opened with the codec `officeEvents`. */
    readonly office: OfficeStore;
  },
  policy: FeePolicy,
  form: BankReconciliationForm,
  options: BankReconciliationOptions,
): Promise<BankReconciliation> {
  const job = openJob<
    v.InferOutput<typeof bankReconciliationFormSchema>,
    EventStore,
    OfficeStore,
    BankFinding
  >(stores, policy, options, {
    form: () => checkedArgument(bankReconciliationFormSchema, form, 'form'),
    options: {
      entries: entriesField,
      shard: v.optional(v.undefined('no shard: a statement has the deposits of all')),
    },
    needsOffice: true,
  });
  const { digits, currency, form: checked } = job;
  const office = job.office as OfficeStore;
  const { institution, bank, from, through, withinDays, at, by } = checked;
  const dayOf = localDay(checked.timeZone);
  const kinds = ['deposit', 'safeDeposit', 'returned', 'remittance', 'payout'] as const;
  const confirmed = new Map(kinds.map((kind) => [kind, amountTally(digits)]));
  const [pending, missing] = [amountTally(digits), amountTally(digits)];
  const openItems: ExpectedItem[] = [];
  let [entries, known] = [0, 0];
  const books = noBooks();
  let lastDay = '';

  const found = (
    code: Exclude<BankFinding, StreamFinding>['code'],
    entry: BankEntry | null,
    items: readonly BankItem[],
    message: string,
  ) => job.found({ code, institution, entry, items, message });

  /** Reads what the bank should have: what is open of it, and what an earlier statement of any account had. */
  const expectedItems = async (account: BankAccount) => {
    const items = [...safeDepositsOf(account, dayOf)];
    let isWhole = true;
    const payouts = new Map<string, ExpectedItem>();
    let settled = settledAt(account);
    const ofStream = async (each: NamedStream): Promise<readonly ExpectedItem[] | StreamFinding | null> => {
      const parts = streamParts(each);
      if (parts === null || !isPosted(each)) return null;
      const { kind, name } = parts;
      if (kind === 'bank' && name === bank) return null;
      try {
        const events = (await office.read(each)).events.map(({ event }) => event);
        if (kind === 'bank') {
          const folded = foldBankAccount(events as readonly BankEvent[]);
          books.others.set(name, folded);
          const all = settledWith(settled, folded);
          settled = all.settled;
          const message = `${name} and another account have confirmed this`;
          if (all.twice.length > 0) await found('CONFIRMED_TWICE', null, all.twice, message);
          return null;
        }
        return itemsOfStream(parts, events, payouts, { currency, digits, dayOf, books });
      } catch (error) {
        isWhole = false;
        return unreadable(each, error);
      }
    };
    for await (const item of job.each(everyAccount(office, institution), ofStream)) items.push(item);
    const wrong: BankItem[] = isWhole ? [...wronglyConfirmed(account, items)] : [];
    items.push(...[...payouts.values()].filter(({ item }) => minorUnits(item.amount) !== 0n));
    const methods = new Set(checked.returnedMethods);
    const returns = confirmedReturns(account);
    const read = async (id: StreamId) => {
      const confirmedOf = returns.get(id.patronId) ?? [];
      returns.delete(id.patronId);
      const { events, finding } = await job.read(id);
      wrong.push(...confirmedOf.filter((item) => !hasReturned(events, item)));
      return finding ?? returnedOf(id.patronId, events, methods, dayOf);
    };
    for await (const returned of job.eachAccount(read)) items.push(returned);
    for (const item of [...wrong, ...[...returns.values()].flat()])
      await found('CONFIRMED_WRONGLY', null, [item], `the books have no such item of ${item.amount}`);
    const expected = items
      .filter(({ day }) => day >= from && day <= through)
      .map((one) => ({ one, left: leftOf(one, settled) }));
    return {
      open: expected.flatMap(({ left }) => left ?? []),
      settled: expected.flatMap(({ one, left }) => (left === null ? [one] : [])),
    };
  };

  /** Decides and records confirmations; if another writer appends first, all are decided again. */
  const confirm = async (commands: readonly ConfirmBankEntry[]): Promise<void> => {
    if (commands.length === 0) return;
    const decideAll = (account: BankAccount) => {
      let state = account;
      const decisions = commands.map((command) => {
        const decision = decideBank(command, state, job.policy, {
          now: at,
          ...books,
          matchedBy: 'reference',
        });
        state = foldBankAccount(decision.events, state);
        return decision;
      });
      return { decisions, events: decisions.flatMap(({ events }) => [...events]) };
    };
    const fold = (events: readonly unknown[], state?: BankAccount) =>
      foldBankAccount(events as readonly BankEvent[], state);
    const { decision } = checked.record
      ? await executeOffice(
          office,
          streamOfKind(institution, 'bank', bank),
          { fold, decide: decideAll },
          RETRY,
        )
      : { decision: decideAll(await loadBankAccount(office, { institution, bank })) };
    for (const [index, { entryId, bookedOn, amount, items }] of commands.entries()) {
      const each = decision.decisions[index];
      if (each?.accepted) for (const item of items) confirmed.get(item.kind)?.add(item.amount);
      else {
        const entry = { entryId, account: null, bookedOn, amount, currency, references: [], parts: [] };
        const message = `the entry ${entryId} was refused: ${each?.rejection.type}`;
        await found('ENTRY_REFUSED', entry, items, message);
      }
    }
  };

  const entriesOfOthers = otherAccounts(checked.account, found);

  const work = async () => {
    const account = await loadBankAccount(office, { institution, bank });
    const { open, settled } = await expectedItems(account);
    const matcher = bankMatcher(open, settled, withinDays);
    const commandOf = confirmations(account, { at, by });
    const seen = new Set<string>(account.entries.keys());
    let commands: ConfirmBankEntry[] = [];
    const take = async (entry: BankEntry): Promise<void> => {
      const { amount, bookedOn, entryId } = entry;
      if (seen.has(entryId)) {
        entries += 1;
        known += 1;
        return;
      }
      const parts = partsOf(entry);
      const namings = parts.filter((part) => matcher.names(part)).length;
      const isSplit = parts.some((part) => seen.has(part.entryId));
      // One by one, if only some of the parts name something.
      const isWhole = !isSplit && (namings === 0 || namings === parts.length);
      const { outcome, items } = isWhole
        ? matcher.match(entry)
        : ({ outcome: 'unknown', items: [] } as const);
      if (outcome !== 'confirmed' && (isSplit || namings > 0)) {
        for (const part of parts) await take(part);
        return;
      }
      entries += 1;
      if (outcome === 'confirmed') {
        seen.add(entryId);
        commands.push(commandOf(entry, items));
        if (commands.length < BATCH_SIZE) return;
        await confirm(commands);
        commands = [];
      } else if (outcome === 'differs') {
        const message = `the bank has ${amount}, the books have ${sumOfItems(items, digits)}`;
        await found('AMOUNT_DIFFERS', entry, items, message);
      } else if (outcome === 'ambiguous') {
        await found('ENTRY_AMBIGUOUS', entry, items, `${amount} of ${bookedOn} may be one of several items`);
      } else if (checked.otherEntries === 'report') {
        const message = `${amount} of ${bookedOn} (${entryId}) names nothing that is open`;
        await found('ENTRY_UNKNOWN', entry, [], message);
      }
    };
    for await (const entry of options.entries) {
      options.signal?.throwIfAborted();
      if ('unreadable' in entry) {
        const { line, expected, found: text } = entry.unreadable;
        await found('ENTRY_UNREADABLE', null, [], `line ${line}: expected ${expected}, found ${text}`);
      } else if (await entriesOfOthers.have(entry)) {
        // Counted, and not compared.
      } else if (entry.currency !== currency) {
        entries += 1;
        await found('OTHER_CURRENCY', entry, [], `expected ${currency}, found ${entry.currency}`);
      } else {
        if (entry.bookedOn > lastDay) lastDay = entry.bookedOn;
        await take(entry);
      }
    }
    await confirm(commands);
    for (const one of matcher.open()) {
      const { item, day } = one;
      if (openItems.length < OPEN_MAX) openItems.push(one);
      const isLate = lastDay > day && daysBetween(day, lastDay) > withinDays;
      (isLate ? missing : pending).add(item.amount);
      if (isLate) await found('NOT_AT_BANK', null, [item], `the bank does not have ${item.amount} of ${day}`);
    }
  };
  return job.working(work, () => ({
    entries,
    known,
    otherAccounts: entriesOfOthers.count(),
    confirmed: Object.fromEntries(
      kinds.map((kind) => [kind, confirmed.get(kind)?.result()]),
    ) as BankFigures['confirmed'],
    pending: pending.result(),
    missing: missing.result(),
    openItems: openItems.slice(),
  }));
}

/** Returns the parts of an entry, as entries. */
function partsOf(entry: BankEntry): readonly BankEntry[] {
  return entry.parts.map((part, index) => ({
    ...entry,
    ...part,
    entryId: `${entry.entryId}#${index + 1}`,
    parts: [],
  }));
}

/** Returns what makes the command that confirms items by an entry: after a reversal one with an id of its own. */
function confirmations({ records }: BankAccount, { at, by }: Pick<ConfirmBankEntry, 'at' | 'by'>) {
  const earlier = new Map<string, number>();
  for (const { data } of records.values())
    if ('entryId' in data) earlier.set(data.entryId, (earlier.get(data.entryId) ?? 0) + 1);
  return ({ entryId, bookedOn, amount }: BankEntry, items: readonly BankItem[]): ConfirmBankEntry => {
    const count = earlier.get(entryId);
    const id = count === undefined ? entryId : `${entryId}#again${count}`;
    return { type: 'ConfirmBankEntry', id, entryId, bookedOn, amount, items, at, by };
  };
}

/**
 * Finds the entries of a statement that are of another account than the one that is compared, and counts them.
 *
 * @param account - the account as the statement names it; the first that an entry names if left out
 * @param found - called with the first entry of each other account, if `account` is left out
 */
function otherAccounts(
  account: string | undefined,
  found: (
    code: 'OTHER_ACCOUNT',
    entry: BankEntry,
    items: readonly BankItem[],
    message: string,
  ) => Promise<void>,
) {
  const others = new Set<string>();
  let own = account === undefined ? undefined : nameOf(account);
  let entryCount = 0;
  return {
    /** Returns whether an entry is of another account. */
    async have(entry: BankEntry): Promise<boolean> {
      if (entry.account === null) return false;
      const name = nameOf(entry.account);
      own ??= name;
      if (name === own) return false;
      entryCount += 1;
      if (account === undefined && !others.has(name))
        await found('OTHER_ACCOUNT', entry, [], `expected ${own}, found ${name}: name one in form.account`);
      others.add(name);
      return true;
    },
    /** Returns the number of their entries. */
    count: (): number => entryCount,
  };
}

/** Returns the name of an account for comparison: an IBAN may be written in groups. */
function nameOf(account: string): string {
  return account.replace(/\s/g, '').toUpperCase();
}
