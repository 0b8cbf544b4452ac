import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import fc from 'fast-check';
import { type Command, definePolicy } from 'patron-fees';
import { execute, memoryEventStore } from 'patron-fees/history';
import { runPurge } from 'patron-fees/jobs';
import { type BankItem, executeBank, executeTill, officeEvents } from 'patron-fees/office';
import { mergeAccounts } from 'patron-fees/patrons';
import { journalText } from 'patron-fees/reports';
import { expect, it } from 'vitest';
import { beanCheck, hledger, hledgerBalances } from '../support/ledgerPrograms.js';
import { itWith } from '../support/programs.js';
import { tried } from '../support/seeded.js';
import { temporaryFolder } from '../support/temporaryFolder.js';
import {
  collectedElsewhere,
  type OutsideMoney,
  paidByPlan,
  paidOnline,
  SERVICE_FEE,
} from './outsideMoney.js';

// A year of books in four currencies: accounts, tills with accepted differences, the bank, credits taken over, merges, online
// payments, what an external system collects, plans; at last, purges. What each command does to the books is added up here and
// in outsideMoney.ts, and not by the code of the journal.

const currencies = { USD: 2, EUR: 2, JPY: 0, KWD: 3 } as const;
type Currency = keyof typeof currencies;
const names = Object.keys(currencies) as Currency[];

/** One month in one currency, in minor units. */
const month = fc.record({
  fee: fc.integer({ min: 200, max: 99_999 }),
  paid: fc.integer({ min: 1, max: 100 }),
  waived: fc.integer({ min: 0, max: 99 }),
  over: fc.integer({ min: -1, max: 3 }),
  charge: fc.integer({ min: 0, max: 1 }),
  takenOver: fc.integer({ min: 2, max: 5_000 }),
  fromSafe: fc.integer({ min: 1, max: 900 }),
  isReversed: fc.boolean(),
  online: fc.integer({ min: 100, max: 50_000 }),
  providerFee: fc.integer({ min: 0, max: 40 }),
  transferred: fc.integer({ min: 100, max: 50_000 }),
  settled: fc.integer({ min: 20, max: 100 }),
  commission: fc.integer({ min: 0, max: 19 }),
  planned: fc.integer({ min: 2, max: 50_000 }),
});
type Month = OutsideMoney & {
  readonly [Field in 'fee' | 'paid' | 'waived' | 'over' | 'charge' | 'takenOver' | 'fromSafe']: number;
} & {
  readonly isReversed: boolean;
};
const years = fc.record(
  Object.fromEntries(names.map((name) => [name, fc.array(month, { minLength: 12, maxLength: 12 })])),
) as fc.Arbitrary<Record<Currency, readonly Month[]>>;

const FLOAT = 5_000;
const institution = 'north';
const chief = { userId: 'mo', roles: ['CHIEF'] };

/** The share of a tax in a part of what it is in, half up. */
const share = (tax: number, part: number, whole: number) =>
  Math.floor((2 * tax * part + whole) / (2 * whole));

/** Plays a year, and returns the stores beside the balances that they must have. */
async function played(year: Record<Currency, readonly Month[]>) {
  const clock = { now: '' };
  const now = () => clock.now;
  const stores = {
    accounts: memoryEventStore({ now }),
    office: memoryEventStore({ now, codec: officeEvents }),
  };
  const expected = new Map<string, number>();
  for (const currency of names) {
    const digits = currencies[currency];
    const text = (minor: number) => (minor / 10 ** digits).toFixed(digits);
    const policy = definePolicy({
      currency,
      feeTypes: {
        OTHER: { label: 'Other', ...(currency === 'EUR' && { vatPercent: 19 }) },
        SHORT: { label: 'Payment taken back' },
      },
      paymentMethods: { CASH: 'Cash', CHECK: 'Cheque', ONLINE: 'Online' },
      destinations: { [currency]: 'Collections' },
      onlinePayments: {
        method: 'ONLINE',
        serviceFee: { amount: text(SERVICE_FEE), ...(currency === 'EUR' && { vatPercent: 19 }) },
        shortfallFee: { feeType: 'SHORT', owner: 'MAIN' },
      },
      approvals: { AcceptTillDifference: { above: '0', roles: ['CHIEF'] } },
      bankReasons: { FEE: 'Account fees', FALSE: 'Counterfeit note' },
    });
    const add = (account: string, amount: number) => {
      const key = `${account} ${currency}`;
      expected.set(key, (expected.get(key) ?? 0) + amount);
    };
    const taxIn = (minor: number) => (currency === 'EUR' ? share(minor, 19, 119) : 0);
    const post = (from: string, to: string, amount: number) => {
      add(to, amount);
      add(from, -amount);
    };
    for (const [index, each] of year[currency].entries()) {
      const day = `2026-${String(index + 1).padStart(2, '0')}-10`;
      const at = `${day}T10:00:00Z`;
      clock.now = at;
      const by = {
        channel: 'desk',
        userId: 'ana',
        desk: 'CIRC',
        library: 'MAIN',
        tillSession: `s${index}`,
      } as const;
      const { tillSession: _, ...atTill } = by;
      const patron = { institution, patronId: `${currency} p${index % 2}` };
      const give = async (id: typeof patron, ...commands: readonly Command[]) => {
        const { decision } = await execute(stores.accounts, policy, id, commands);
        if (!decision.accepted) throw new Error(JSON.stringify(decision.rejection));
      };
      const till = async (command: Parameters<typeof executeTill>[3]) => {
        const id = { institution, till: currency };
        expect(await executeTill(stores.office, policy, id, command)).toMatchObject({
          decision: { accepted: true },
        });
      };
      const bank = async (command: Parameters<typeof executeBank>[3]) => {
        const id = { institution, bank: currency };
        expect(await executeBank(stores.office, policy, id, command)).toMatchObject({
          decision: { accepted: true },
        });
      };
      const sessionId = `s${index}`;
      const paid = Math.max(10, Math.floor((each.fee * each.paid) / 100));
      const waived = Math.floor(((each.fee - paid) * each.waived) / 100);
      const feeId = `f${index}`;

      await till({ type: 'OpenTill', id: sessionId, float: text(FLOAT), at, by: atTill });
      await give(
        patron,
        { type: 'AssessFee', id: feeId, feeType: 'OTHER', amount: text(each.fee), owner: 'MAIN', at, by },
        {
          type: 'ReceivePayment',
          id: `p${index}`,
          amount: text(paid),
          method: 'CASH',
          feeIds: [feeId],
          at,
          by,
        },
      );
      const tax = taxIn(each.fee);
      post('Income:Revenue:MAIN:OTHER', 'Assets:Receivable:MAIN', each.fee);
      if (tax > 0) post('Liabilities:Vat:19', 'Income:Revenue:MAIN:OTHER', tax);
      post('Assets:Receivable:MAIN', 'Assets:Cash:CASH', paid);
      if (waived > 0) {
        const fees = [{ feeId, amount: text(waived) }];
        await give(patron, { type: 'WaiveFees', id: `w${index}`, fees, reason: 'OTHER', at, by });
        post('Assets:Receivable:MAIN', 'Expenses:Waivers:MAIN:OTHER', waived);
        // Of the tax that the payment left.
        const taxLeft = tax - share(tax, paid, each.fee);
        const taxWaived = share(taxLeft, waived, each.fee - paid);
        if (taxWaived > 0) post('Expenses:Waivers:MAIN:OTHER', 'Liabilities:Vat:19', taxWaived);
      }

      // What is deposited was counted above the float; a difference is accepted by another user, which posts nothing.
      const deposit = paid + each.over;
      const takings = [{ method: 'CASH', amount: text(paid) }];
      const counts = [{ method: 'CASH', amount: text(FLOAT + deposit) }];
      await till({ type: 'CloseTill', id: `c${index}`, sessionId, takings, counts, at, by: atTill });
      post('Expenses:OverShort:CASH', 'Assets:Cash:CASH', each.over);
      post('Assets:Cash:CASH', 'Assets:Deposited:CASH', deposit);
      if (each.over !== 0) {
        const approvedBy = { ...chief, upTo: text(Math.abs(each.over)) };
        await till({
          type: 'AcceptTillDifference',
          id: `a${index}`,
          sessionId,
          at,
          by: { ...atTill, userId: 'ben' },
          approvedBy,
        });
      }

      // The bank keeps a part of it; what was brought from the safe may be undone.
      const item = {
        kind: 'deposit',
        till: currency,
        sessionId,
        method: 'CASH',
        amount: text(deposit),
      } as const;
      const charges = { kind: 'charges', amount: `-${text(each.charge)}` } as const;
      const entry = {
        entryId: `e${index}`,
        bookedOn: day,
        amount: text(deposit - each.charge),
        items: [item],
      };
      const difference = each.charge > 0 ? { difference: charges } : {};
      if (each.isReversed) {
        // In two parts, of which the bank takes something back; nobody knows what became of the rest.
        const first = Math.floor(deposit / 2);
        const parts = [first, deposit - first, -each.charge].filter((minor) => minor !== 0);
        for (const [n, minor] of parts.entries()) {
          const items = [{ ...item, amount: text(minor), of: text(deposit) }];
          const part = { entryId: `e${index}.${n}`, bookedOn: day, amount: text(minor), items };
          await bank({ type: 'ConfirmBankEntry', id: `b${index}.${n}`, ...part, at, by: atTill });
        }
        post('Assets:Deposited:CASH', `Assets:Bank:${currency}`, deposit - each.charge);
        if (each.charge > 0) {
          const rest = { ...item, amount: text(each.charge), of: text(deposit) };
          await bank({ type: 'EndBankItem', id: `n${index}`, item: rest, reason: 'FALSE', at, by: atTill });
          post('Assets:Deposited:CASH', 'Expenses:BankOther:FALSE', each.charge);
        }
      } else {
        await bank({ type: 'ConfirmBankEntry', id: `b${index}`, ...entry, ...difference, at, by: atTill });
        post('Assets:Deposited:CASH', `Assets:Bank:${currency}`, deposit);
        post(`Assets:Bank:${currency}`, `Expenses:BankCharges:${currency}`, each.charge);
      }
      const own = {
        entryId: `o${index}`,
        bookedOn: day,
        amount: text(each.over === 0 ? -7 : each.over),
        reason: 'FEE',
      };
      await bank({ type: 'BookBankEntry', id: `o${index}`, ...own, at, by: atTill });
      post('Expenses:BankOther:FEE', `Assets:Bank:${currency}`, each.over === 0 ? -7 : each.over);
      await bank({ type: 'DepositFromSafe', id: `d${index}`, amount: text(each.fromSafe), at, by: atTill });
      if (each.isReversed)
        await bank({ type: 'ReverseBankRecord', id: `r${index}`, recordId: `d${index}`, at, by: atTill });
      else post('Assets:Safe', 'Assets:Deposited:CASH', each.fromSafe);

      // A credit taken over, of which half is paid out by cheque.
      const half = Math.floor(each.takenOver / 2);
      const creditId = `i${index}`;
      await give(
        { institution, patronId: `${currency} taken over` },
        {
          type: 'IssueCredit',
          id: creditId,
          cause: 'imported',
          amount: text(each.takenOver),
          reason: 'OTHER',
          at,
          by,
        },
        {
          type: 'RefundCredit',
          id: `x${index}`,
          creditId,
          amount: text(half),
          method: 'CHECK',
          at,
          by: atTill,
        },
      );
      post('Liabilities:Credits:Refundable', 'Equity:Imported', each.takenOver);
      post('Assets:Cash:CHECK', 'Liabilities:Credits:Refundable', half);

      const atBank = async (item: BankItem) => {
        const id = `${item.kind}${index}`;
        const { amount } = item;
        const entry = { entryId: id, bookedOn: day, amount, items: [item] };
        await bank({ type: 'ConfirmBankEntry', id, ...entry, at, by: atTill });
      };
      const outside = { stores, policy, institution, currency, index, at, text, taxIn, give, atBank, post };
      await paidOnline(outside, each);
      await collectedElsewhere(outside, each);
      await paidByPlan(outside, each);
    }
    // Two accounts of one patron: a merge moves nothing.
    const at = '2026-12-31T10:00:00Z';
    const [from, into] = [0, 1].map((n) => ({ institution, patronId: `${currency} p${n}` })) as [
      { institution: string; patronId: string },
      { institution: string; patronId: string },
    ];
    const merge = { from, into, id: 'm1', at, by: { channel: 'desk', userId: 'mo' } } as const;
    expect(await mergeAccounts(stores.accounts, policy, merge)).toMatchObject({ accepted: true });
  }
  const minor = [...expected].filter(([, amount]) => amount !== 0);
  const written = minor.map(([key, amount]): [string, string] => {
    const digits = currencies[key.split(' ').at(-1) as Currency];
    return [key, (amount / 10 ** digits).toFixed(digits)];
  });
  return { stores, policy: definePolicy({ currency: 'USD' }), expected: new Map(written) };
}

/** Purges, ten years later, what is settled: in each currency at least what was paid online and by a plan. */
async function purge({ stores, policy }: Awaited<ReturnType<typeof played>>): Promise<void> {
  const at = '2037-06-01T10:00:00Z';
  const by = { userId: 'mo', roles: ['USER_MANAGER'] };
  const form = { jobId: 'purge', institution, at, by, timeZone: 'UTC', settledForDays: 3_652 };
  const result = await runPurge(stores, policy, form, { now: at });
  if (!result.accepted) throw new Error(result.rejection.type);
  expect(result.report.purged).toBeGreaterThanOrEqual(2 * names.length);
}

async function journalOf({ stores }: Awaited<ReturnType<typeof played>>, format: 'hledger' | 'beancount') {
  const pieces = journalText(stores, definePolicy({ currency: 'USD' }), {
    institution,
    timeZone: 'UTC',
    format,
  });
  let text = '';
  for (;;) {
    const { done, value } = await pieces.next();
    if (done !== true) text += value;
    else return { text, balances: value.balances };
  }
}

const sorted = (balances: ReadonlyMap<string, string>) => [...balances].sort(([a], [b]) => (a < b ? -1 : 1));
const zero = /^-?0(\.0+)?$/;

it('the journal of a year has the balances that its commands add up to', async () => {
  await fc.assert(
    fc.asyncProperty(years, async (year) => {
      const books = await played(year);
      const agree = async () => {
        const { balances } = await journalOf(books, 'hledger');
        const own = balances.map(({ name, currency, amount }): [string, string] => [
          `${name} ${currency}`,
          amount,
        ]);
        const found = new Map(own.filter(([, amount]) => !zero.test(amount)));
        expect(sorted(found)).toEqual(sorted(books.expected));
      };
      await agree();
      await purge(books);
      await agree();
    }),
    { ...tried(20), endOnFailure: true },
  );
});

itWith(['hledger', 'bean-check'], 'hledger and beancount agree with it', async () => {
  for (const year of fc.sample(years, { seed: 1, numRuns: 1 })) {
    const books = await played(year);
    const agree = async () => {
      const file = (format: string) => join(temporaryFolder(), `year.${format}`);
      const [journal, bean] = [file('journal'), file('beancount')];
      writeFileSync(journal, (await journalOf(books, 'hledger')).text);
      expect(hledger(journal, 'check', '--strict')).toMatchObject({ ok: true });
      const found = [...hledgerBalances(journal)].filter(([, amount]) => !zero.test(amount));
      expect(sorted(new Map(found))).toEqual(sorted(books.expected));
      writeFileSync(bean, (await journalOf(books, 'beancount')).text);
      expect(beanCheck(bean)).toMatchObject({ ok: true });
    };
    await agree();
    await purge(books);
    await agree();
  }
});
