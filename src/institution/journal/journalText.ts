import * as v from 'valibot';
import { nameField } from '../../account/fieldSchemas.js';
import type { EventStore, StreamId } from '../../history/eventStore.js';
import { checkedArgument } from '../../input/checkedArgument.js';
import { timeZoneField } from '../../input/timeZone.js';
import { definedPolicy, type FeePolicy } from '../../policy/feePolicy.js';
import { type AccountFinding, unreadable } from '../accountFinding.js';
import { checkedJobOptions, everyAccount, type JobOptions, runJob } from '../job.js';
import { localDay } from '../localDay.js';
import { type FindingOptions, onFindingField } from '../tallies.js';
import { accountWriter } from './accountText.js';
import { type JournalTotals, journalTally } from './journalTotals.js';
import { beancountText, hledgerText, type LedgerText } from './ledgerText.js';

const formats: Readonly<Record<JournalFormat, LedgerText>> = {
  hledger: hledgerText,
  beancount: beancountText,
};

/**
 * Writes the journal of all accounts of an institution for a plain text accounting program, piece by piece.
 *
 * Entries are written account by account, and within an account in the order of its stream, each with the day of its
 * event. The programs sort by day themselves, so memory does not grow with the number of accounts.
 *
 * An account that cannot be read is a finding in the totals, and none of its entries are written.
 *
 * @param store - the store with the accounts
 * @param policy - the institution's policy, for the currency of the books; entries in other currencies are written too
 * @param form - the institution, the format, the time zone of the days
 * @param options - callbacks for findings and progress; signal; concurrency
 * @returns the pieces of the text; the generator's return value is the totals
 * @throws {@link index.PatronFeesError | PatronFeesError} `INVALID_ARGUMENT` with every fault of the form or the
 * options; `INVALID_POLICY` for an invalid policy; the signal's reason once it is aborted; any error of the store
 *
 * @example
 * ```ts
 * import { definePolicy } from 'patron-fees';
 * import { memoryEventStore } from 'patron-fees/history';
 * import { journalText } from 'patron-fees/institution';
 *
 * const at = '2026-03-02T23:30:00Z';
 * const store = memoryEventStore({ now: () => at });
 * const data = { feeId: 'f1', feeType: 'OTHER', amount: '2.50', currency: 'USD', owner: 'MAIN', at };
 * await store.append({ institution: 'north', patronId: 'dverma' }, [{ type: 'FeeAssessed', data }], { expectedVersion: 0 });
 *
 * const form = { institution: 'north', format: 'hledger', timeZone: 'Europe/Vienna', assertBalances: false } as const;
 * const policy = definePolicy({ currency: 'USD' });
 * const pieces = [];
 * for await (const piece of journalText(store, policy, form)) pieces.push(piece);
 * pieces.join('').split('\n').slice(5, 10);
 * //=> [
 * //     '',
 * //     '2026-03-03 dverma | FeeAssessed',
 * //     '    ; patron:dverma, version:1, event:FeeAssessed',
 * //     '    Assets:Receivable:MAIN  2.50 USD  ; row:f1',
 * //     '    Income:Revenue:MAIN:OTHER  -2.50 USD  ; row:f1',
 * //   ]
 * ```
 */
export function journalText(
  store: EventStore,
  policy: FeePolicy,
  form: JournalForm,
  options: JobOptions & FindingOptions<AccountFinding> = {},
): AsyncGenerator<string, JournalTotals, undefined> {
  const { currency } = definedPolicy(policy);
  const checked = checkedJournalForm(form);
  checkedJobOptions(options, { onFinding: onFindingField });
  return pieces(store, currency, checked, options);
}

async function* pieces(
  store: EventStore,
  currency: string,
  { institution, timeZone, format, assertBalances }: CheckedJournalForm,
  options: JobOptions & FindingOptions<AccountFinding>,
): AsyncGenerator<string, JournalTotals, undefined> {
  const text = formats[format];
  const write = accountWriter(text, localDay(timeZone));
  const work = async (stream: StreamId) => {
    try {
      return write(stream, (await store.read(stream)).events);
    } catch (error) {
      return unreadable(stream, error);
    }
  };
  const tally = journalTally();
  yield text.beginning(institution, currency);
  for await (const account of runJob(everyAccount(store, institution, options.shard), work, options)) {
    const newCurrency = tally.add(account);
    if ('code' in account) await options.onFinding?.(account);
    if (newCurrency !== null) yield text.currency(newCurrency.code, newCurrency.minorDigits);
    if ('text' in account) yield account.text;
  }
  const { days, ...totals } = tally.result();
  if (days !== null) yield text.end({ ...days, balances: totals.balances, assertBalances });
  return totals;
}

/** The formats of an exported journal. */
export const journalFormats = ['hledger', 'beancount'] as const;

/** A format of an exported journal. */
export type JournalFormat = (typeof journalFormats)[number];

/** The institution, format and time zone of a journal export. */
export type JournalForm = {
  /** The institution of the accounts; each institution has its own books. */
  readonly institution: string;
  /** The program that will read the file. */
  readonly format: JournalFormat;
  /** The library's time zone, an IANA name. The date of an entry is the day of the event in this zone. */
  readonly timeZone: string;
  /**
   * Whether the file ends with the balance of every account, for the program to check; true if left out. Choose false
   * to read the file together with other entries.
   */
  readonly assertBalances?: boolean;
};

const formSchema = v.strictObject({
  institution: nameField,
  format: v.picklist(journalFormats, `one of ${journalFormats.join(', ')}`),
  timeZone: timeZoneField,
  assertBalances: v.optional(v.boolean('true or false'), true),
});

/** A checked form, with defaults. */
export type CheckedJournalForm = v.InferOutput<typeof formSchema>;

/**
 * Checks a form.
 *
 * @throws {@link index.PatronFeesError | PatronFeesError} `INVALID_ARGUMENT` with every fault and its path in `details.faults`
 */
export function checkedJournalForm(form: JournalForm): CheckedJournalForm {
  return checkedArgument(formSchema, form, 'form');
}
