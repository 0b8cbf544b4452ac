import * as v from 'valibot';
import { isPosted } from '../../books/journal/officePostings.js';
import type { EventStore, NamedStream, StreamId } from '../../history/eventStore.js';
import { checkedArgument } from '../../input/checkedArgument.js';
import { type StreamFinding, unreadable } from '../../job/accountFinding.js';
import { everyAccount } from '../../job/job.js';
import { daysBetween, localDay } from '../../job/localDay.js';
import { openJob } from '../../job/openJob.js';
import { amountTally } from '../../job/tallies.js';
import { minorUnits } from '../../money/money.js';
import { type BankAccount, foldBankAccount } from '../../office/bank/bankAccount.js';
import type { BookBankEntry, ConfirmBankEntry } from '../../office/bank/bankCommands.js';
import type { BankEvent, BankItem } from '../../office/bank/bankEvents.js';
import { decideBank } from '../../office/bank/decideBank.js';
import { loadBankAccount } from '../../office/bank/executeBank.js';
import type { OfficeStore } from '../../office/officeEvents.js';
import { streamParts } from '../../office/streamKinds.js';
import type { FeePolicy } from '../../policy/feePolicy.js';
import type { BankEntry } from './bankEntry.js';
import { type BankMatch, bankMatcher, type ExpectedItem, withWhole } from './bankMatch.js';
import {
  type BankFigures,
  type BankFinding,
  type BankReconciliation,
  type BankReconciliationForm,
  type BankReconciliationOptions,
  bankReconciliationFormSchema,
  entriesField,
} from './bankReconciliationForm.js';
import { bankRecorder } from './bankRecorder.js';
import { bookingByRule, confirmationOf } from './bankRules.js';
import {
  confirmedReturns,
  hasReturned,
  itemsOfStream,
  noBooks,
  returnedOf,
  safeDepositsOf,
  sumOfItems,
  wronglyConfirmed,
} from './expectedItems.js';
import { otherAccounts } from './otherAccounts.js';
import { recordStatements } from './recordStatements.js';
import { leftOf, settledAt, settledWith } from './settledItems.js';
import { statementChecks } from './statementChecks.js';
import { statementDays } from './statementDays.js';

/** A confirmation, and how its items were found; or an entry that a rule books. */
type MatchedCommand =
  | { readonly command: ConfirmBankEntry; readonly matchedBy: 'reference' | 'amount' }
  | { readonly command: BookBankEntry; readonly matchedBy: 'rule' };

/**
 * Compares the statement of a bank with the books: deposits of tills and from the safe, payments that the bank
 * returned, money that external systems handed over or were paid, and what payment providers paid out. An entry is
 * matched by reference and amount, or by its amount alone if nothing else is possible. A match is recorded in the
 * office (`BankEntryConfirmed`), and the journal posts it to the bank. An uncertain match, or one with the rest of a
 * partly confirmed item, is only proposed. Any other entry is booked by a rule of the policy, or is a finding.
 *
 * The same statement again, or one that overlaps it, records nothing twice. Statements with a number or balances are
 * recorded (`BankStatementRead`), so that those of a later run are compared with them.
 *
 * Keeps in memory the items of the period, and those entries of the statement whose amount is expected.
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
  const [pending, missing, booked] = [amountTally(digits), amountTally(digits), amountTally(digits)];
  let [entries, known] = [0, 0];
  const books = noBooks();
  let [lastDay, isRefused] = ['', false];
  const matched = { reference: amountTally(digits), amount: amountTally(digits) };

  const found = (
    code: Exclude<BankFinding, StreamFinding>['code'],
    entry: BankEntry | null,
    items: readonly BankItem[],
    message: string,
  ) => job.found({ code, institution, entry, items, message });

  /** Reads what the bank should have, as far as no earlier statement of any account had it. */
  const expectedItems = async (account: BankAccount): Promise<readonly ExpectedItem[]> => {
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
    return items
      .filter(({ day }) => day >= from && day <= through)
      .flatMap((one) => leftOf(one, settled) ?? []);
  };

  const recorder = bankRecorder(
    { office, id: { institution, bank }, isRecorded: checked.record },
    (command: MatchedCommand, account) =>
      decideBank(command.command, account, job.policy, { now: at, ...books, matchedBy: command.matchedBy }),
    async (given, decision) => {
      const { entryId, bookedOn, amount } = given.command;
      const items = given.matchedBy === 'rule' ? [] : given.command.items;
      if (decision.accepted) {
        (given.matchedBy === 'rule' ? booked : matched[given.matchedBy]).add(amount);
        for (const item of items) confirmed.get(item.kind)?.add(item.amount);
        return;
      }
      isRefused = true;
      const entry = { entryId, account: null, bookedOn, amount, currency, references: [], parts: [] };
      const message = `the entry ${entryId} was refused: ${decision.rejection.type}`;
      await found('ENTRY_REFUSED', entry, items, message);
    },
  );

  const entriesOfOthers = otherAccounts(checked.account, found);

  const work = async () => {
    const account = await loadBankAccount(office, { institution, bank });
    const matcher = bankMatcher(await expectedItems(account), withinDays);
    const { seen, coveredBefore, remember } = statementDays(account);
    const statements = statementChecks(account);
    const book = async (entry: BankEntry, command: BookBankEntry): Promise<void> => {
      if (seen.has(entry.entryId)) return;
      remember(entry);
      statements.post(entry);
      await recorder.add({ command, matchedBy: 'rule' });
    };
    const settle = async (entry: BankEntry, result: BankMatch): Promise<void> => {
      const { amount, bookedOn, entryId } = entry;
      if (result === 'unknown') {
        const booking = coveredBefore(entry)
          ? undefined
          : bookingByRule(entry, account, job.policy.bankRules, { at, by });
        if (booking !== undefined) await book(entry, booking);
        else if (checked.otherEntries === 'report')
          await found('ENTRY_UNKNOWN', entry, [], `nothing explains ${amount} of ${bookedOn} (${entryId})`);
      } else if ('items' in result) {
        statements.post(entry);
        const command = confirmationOf(entry, result.items, account, { at, by });
        await recorder.add({ command, matchedBy: result.by });
      } else if ('differs' in result) {
        const message = `the bank has ${amount}, the books have ${sumOfItems(result.differs, digits)}`;
        await found('AMOUNT_DIFFERS', entry, result.differs, message);
      } else {
        const code = result.several ? 'ENTRY_AMBIGUOUS' : 'ENTRY_PROPOSED';
        const message = `${amount} of ${bookedOn} may be ${result.several ? 'one of several items' : 'this'}`;
        await found(code, entry, result.proposed, message);
      }
    };
    const take = async (entry: BankEntry, whole: readonly BankItem[] = []): Promise<void> => {
      entries += 1;
      if (account.entries.has(entry.entryId) || seen.has(entry.entryId)) {
        known += 1;
        return;
      }
      const result = withWhole(matcher.match(entry, coveredBefore(entry) || whole.length > 0), whole);
      if (result === null) return;
      const isConfirmed = result !== 'unknown' && 'items' in result;
      if (isConfirmed) remember(entry);
      if (isConfirmed || entry.parts.length === 0) return settle(entry, result);
      entries -= 1;
      const maybe = result !== 'unknown' && 'proposed' in result && result.isByAmount ? result.proposed : [];
      for (const [index, part] of entry.parts.entries())
        await take({ ...entry, ...part, entryId: `${entry.entryId}#${index + 1}`, parts: [] }, maybe);
    };
    for await (const entry of options.entries) {
      options.signal?.throwIfAborted();
      if ('unreadable' in entry) {
        const { line, expected, found: text } = entry.unreadable;
        await found('ENTRY_UNREADABLE', null, [], `line ${line}: expected ${expected}, found ${text}`);
      } else if ('closing' in entry) statements.add(entry);
      else if (await entriesOfOthers.have(entry)) {
        // Counted, and not compared.
      } else if (entry.currency !== currency) {
        entries += 1;
        await found('OTHER_CURRENCY', entry, [], `expected ${currency}, found ${entry.currency}`);
      } else {
        if (entry.bookedOn > lastDay) lastDay = entry.bookedOn;
        statements.compare(entry);
        await take(entry);
      }
    }
    for (const [entry, result] of matcher.rest()) await settle(entry, result);
    await recorder.record();
    for (const fault of statements.faults(entriesOfOthers.isOwn, checked.otherEntries === 'report'))
      await job.found({ ...fault, institution });
    const read = statements
      .own(entriesOfOthers.isOwn)
      .filter((one) => (one.currency ?? currency) === currency);
    const isKnown = checked.otherEntries === 'report' && !isRefused;
    const order = { currency, at, by, unpostedOf: isKnown ? statements.unpostedOf : () => undefined };
    if (checked.record) await recordStatements(office, { institution, bank }, read, order);
    for (const { item, day } of matcher.missing()) {
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
    matchedBy: { reference: matched.reference.result(), amount: matched.amount.result() },
    booked: booked.result(),
  }));
}
