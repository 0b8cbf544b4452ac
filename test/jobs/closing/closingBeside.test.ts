// What happens beside a closing: servers that close one month at once, and clerks who go on.
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { execute } from 'patron-fees/history';
import { executeBank, executeTill } from 'patron-fees/office';
import { expect, it } from 'vitest';
import { by } from '../../office/till/tills.js';
import { after, found, institution, policy } from '../../seals/sealedBooks.js';
import { type Closing, close, fee, filled, january, verified } from './closedMonths.js';

it('three servers that close one month at once make one seal and the recorded files, or throw an error', async () => {
  const books = await filled();
  for (let round = 0; round < 3; round++) {
    await Promise.allSettled([1, 2, 3].map(() => close(books, '2026-01')));
    // Of those that wrote the same file, an error stopped one; the next closing finishes what is left.
    expect(await close(books, '2026-01')).toMatchObject({ accepted: true });
    expect((await books.stores.office.read({ institution, stream: 'seals:' })).version).toBe(1);
    expect((await books.stores.office.read({ institution, stream: 'closings:' })).version).toBe(1);
    expect(readdirSync(books.files).sort()).toEqual(january);
    expect(await verified(books)).toEqual([4]);
    expect(await found(books)).toEqual([]);
  }
});

it('events that clerks record while a month is being closed belong to the next month', async () => {
  const books = await filled();
  const { stores, clock } = books;
  const { accounts, office } = stores;
  const till = { institution, till: 'CIRC' };
  let count = 0;
  /** A session, a payment and an entry of the bank, recorded between two reads of the closing; all name a day of January. */
  const goOn = async () => {
    count += 1;
    const at = '2026-01-20T15:00:00Z';
    clock.now = new Date(Date.parse(after('2026-01')) + count * 60_000).toISOString();
    const [sessionId, amount] = [`s${count}`, '5'];
    const item = { kind: 'deposit', till: 'CIRC', sessionId, method: 'CASH', amount } as const;
    const counts = [{ method: 'CASH', amount: '55' }];
    await executeTill(office, policy, till, { type: 'OpenTill', id: sessionId, float: '50', at, by });
    await execute(accounts, policy, { institution, patronId: 'p' }, [
      { ...fee, id: `f${count}`, at },
      {
        type: 'ReceivePayment',
        id: `p${count}`,
        amount,
        method: 'CASH',
        feeIds: [`f${count}`],
        at,
        by: { ...by, tillSession: sessionId },
      },
    ]);
    const takings = [{ method: 'CASH', amount }];
    const closing = { type: 'CloseTill', id: `c${count}`, sessionId, takings, counts, at, by } as const;
    await executeTill(office, policy, till, closing);
    const entry = { id: `e${count}`, entryId: `e${count}`, bookedOn: '2026-01-21', amount, items: [item] };
    const confirm = { type: 'ConfirmBankEntry', ...entry, at, by } as const;
    const bank = await executeBank(office, policy, { institution, bank: 'GIRO' }, confirm);
    expect(bank.decision.accepted).toBe(true);
  };
  const busy: Closing = {
    ...books,
    stores: {
      ...stores,
      accounts: {
        ...accounts,
        accounts: async (options) => {
          const page = await accounts.accounts(options);
          await goOn();
          return page;
        },
      },
    },
  };
  const contents = () => january.map((name) => readFileSync(join(books.files, name), 'utf8'));
  expect(await close(busy, '2026-01')).toMatchObject({ accepted: true, report: { missing: [] } });
  const before = contents();
  expect(count).toBeGreaterThan(3);
  expect(await close(books, '2026-01')).toMatchObject({ accepted: true, report: { missing: [] } });
  expect(contents()).toEqual(before);
  expect(await found(books)).toEqual([]);
  expect(await close(books, '2026-02')).toMatchObject({ accepted: true, report: { missing: [] } });
  expect(readFileSync(join(books.files, 'payments-2026-02-USD.csv'), 'utf8')).toContain(`${count * 5}.00`);
});
