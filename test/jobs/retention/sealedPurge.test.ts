import { appendFileSync, readdirSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { execute } from 'patron-fees/history';
import { type PurgeForm, planPurge, runPurge } from 'patron-fees/jobs';
import { describe, expect, it } from 'vitest';
import {
  type Books,
  emptyBooks,
  found,
  institution,
  policy,
  seal,
  sealed,
  timeZone,
  verify,
} from '../../seals/sealedBooks.js';

const form: PurgeForm = {
  jobId: '2026',
  institution,
  timeZone,
  at: '2026-06-01T09:00:00Z',
  by: { userId: 'mo', roles: ['USER_MANAGER'] },
  settledForDays: 1,
};

/** Charges a fee, and has it paid unless it stays open. */
async function charge({ stores, clock }: Books, patronId: string, id: string, isPaid = true): Promise<void> {
  const at = clock.now;
  const fee = { type: 'AssessFee', id, feeType: 'OTHER', amount: '5', owner: 'MAIN', at } as const;
  const payment = {
    type: 'ReceivePayment',
    id: `${id}p`,
    amount: '5',
    method: 'CASH',
    feeIds: [id],
    at,
  } as const;
  const commands = isPaid ? [fee, payment] : [fee];
  await execute(stores.accounts, policy, { institution, patronId }, commands);
}

const purge = (books: Books, more: Partial<PurgeForm> = {}) =>
  runPurge(books.stores, policy, { ...form, ...more }, { seals: books.folder, now: form.at });

describe('a purge of sealed books', () => {
  it('removes only what the newest seal covers, is recorded first, and is no finding of verifySeals', async () => {
    const books = emptyBooks();
    await charge(books, 'paid', 'f1');
    await charge(books, 'open', 'f2', false);
    await charge(books, 'later', 'f3');
    await sealed(books, '2026-01');
    books.clock.now = '2026-02-10T15:00:00Z';
    await charge(books, 'later', 'f4');
    await charge(books, 'new', 'f5');
    const kept = { NotSealed: 2, FeeOpen: 1 };
    const plan = await planPurge(books.stores, policy, form, { seals: books.folder, now: form.at });
    expect(plan).toMatchObject({ accepted: true, report: { purged: 1, kept } });
    expect(await purge(books)).toMatchObject({ accepted: true, report: { purged: 1, kept } });
    expect(await found(books)).toEqual([]);
    const { events } = await books.stores.office.read({ institution, stream: 'purges:paid' });
    expect(events.map(({ event }) => event.data)).toMatchObject([{ purgeId: '2026', version: 2, seal: 1 }]);
    // The next seal begins anew with the purge; the account may come back and be purged again.
    await sealed(books, '2026-02');
    expect(await seal(books, '2026-01')).toMatchObject({ accepted: true, report: { isRepeat: true } });
    expect(await purge(books, { jobId: 'again' })).toMatchObject({
      report: { purged: 2, kept: { FeeOpen: 1 } },
    });
    books.clock.now = '2026-03-10T15:00:00Z';
    await charge(books, 'paid', 'f6');
    await sealed(books, '2026-03');
    expect(await purge(books, { jobId: 'third' })).toMatchObject({ report: { purged: 1 } });
    expect(await found(books)).toEqual([]);
    await sealed(books, '2026-04');
    expect(await found(books)).toEqual([]);
    for (const month of ['2026-03', '2026-04'])
      expect(await seal(books, month)).toMatchObject({ accepted: true, report: { isRepeat: true } });
    // The purge has deleted the file: nothing shows that the books are those of the month.
    expect(await seal(books, '2026-02')).toMatchObject({
      rejection: { type: 'BooksDiffer', findings: { byCode: { SEAL_CHANGED: 1 } } },
    });
  });

  it('keeps an account that was changed, and refuses other terms than those of the seals', async () => {
    const books = emptyBooks();
    await charge(books, 'paid', 'f1');
    await sealed(books, '2026-01');
    expect(await purge(books, { basis: 'cash' })).toMatchObject({
      accepted: false,
      rejection: { type: 'SealTermsDiffer', basis: 'accrual' },
    });
    const { accounts } = books.stores;
    const changed: typeof accounts = {
      ...accounts,
      read: async (...given) => {
        const slice = await accounts.read(...given);
        return {
          ...slice,
          events: slice.events.map((one) => ({ ...one, recordedAt: '2026-01-01T00:00:00Z' })),
        };
      },
    };
    const stores = { ...books.stores, accounts: changed };
    const { report } = (await runPurge(stores, policy, form, {
      seals: books.folder,
      now: form.at,
    })) as never as {
      report: { kept: object };
    };
    expect(report.kept).toEqual({ SealDiffers: 1 });
    await expect(runPurge(books.stores, policy, form, { now: form.at })).rejects.toThrow('options.seals');
  });

  it('is a finding if it was not recorded, or if another program removed an open account', async () => {
    const books = emptyBooks();
    await charge(books, 'paid', 'f1');
    await charge(books, 'open', 'f2', false);
    await sealed(books, '2026-01');
    // Without the store of the office, it knows of no seals.
    expect(await runPurge(books.stores.accounts, policy, form, { now: form.at })).toMatchObject({
      report: { purged: 1 },
    });
    expect(await found(books)).toEqual(['PURGE_UNKNOWN paid 3 null']);
    expect(await seal(books, '2026-02')).toMatchObject({ rejection: { type: 'BooksDiffer' } });
  });

  /** Returns books with a paid account, an open one, and three seals. */
  async function threeSeals(isPaid = true): Promise<Books> {
    const books = emptyBooks();
    await charge(books, 'paid', 'f1', isPaid);
    await charge(books, 'open', 'f2', false);
    for (const month of ['2026-01', '2026-02', '2026-03']) await sealed(books, month);
    return books;
  }
  const [first, second, third] = ['seal-00001.ndjson', 'seal-00002.ndjson', 'seal-00003.ndjson'] as const;

  it('deletes the files of older seals that have reached its age, and verifySeals names the first file left', async () => {
    const books = await threeSeals();
    // Until 13 February: the first seal only.
    await planPurge(
      books.stores,
      policy,
      { ...form, settledForDays: 108 },
      { seals: books.folder, now: form.at },
    );
    expect(readdirSync(books.folder).sort()).toEqual([first, second, third]);
    expect(await purge(books, { settledForDays: 108 })).toMatchObject({ report: { purged: 1 } });
    expect(readdirSync(books.folder).sort()).toEqual([second, third]);
    expect(await verify(books)).toMatchObject({ seals: 3, readFrom: 2, findings: { count: 0 } });
    // The newest stays, however old it is. The account was purged before.
    expect(await purge(books, { jobId: 'again' })).toMatchObject({ report: { purged: 0 } });
    expect(readdirSync(books.folder)).toEqual([third]);
    expect(await verify(books)).toMatchObject({ seals: 3, readFrom: 3, findings: { count: 0 } });
    await sealed(books, '2026-04');
    expect(await found(books)).toEqual([]);
  });

  it('deletes no file of a seal if no account is purged', async () => {
    const books = await threeSeals(false);
    expect(await purge(books)).toMatchObject({ report: { purged: 0, kept: { FeeOpen: 2 } } });
    expect(readdirSync(books.folder)).toHaveLength(3);
  });

  it('that was killed after its last account deletes the files when it is run again', async () => {
    const books = await threeSeals();
    const killed = runPurge(books.stores, policy, form, {
      now: form.at,
      seals: books.folder,
      onAccount: ({ because }) => {
        if (because === null) throw new Error('killed');
      },
    });
    await expect(killed).rejects.toThrow('killed');
    expect(readdirSync(books.folder)).toHaveLength(3);
    expect(await purge(books)).toMatchObject({ report: { purged: 0 } });
    expect(readdirSync(books.folder)).toEqual([third]);
    expect(await found(books)).toEqual([]);
  });

  it('keeps the file of a seal that was changed, and those after it', async () => {
    const books = await threeSeals();
    appendFileSync(join(books.folder, second), '\n');
    expect(await purge(books)).toMatchObject({ report: { purged: 1 } });
    expect(readdirSync(books.folder).sort()).toEqual([second, third]);
    expect(await found(books)).toEqual(['SEAL_CHANGED seals: 2 2']);
  });

  it('keeps the file of a seal if the file of a later seal is missing', async () => {
    const books = await threeSeals();
    rmSync(join(books.folder, second));
    expect(await purge(books)).toMatchObject({ report: { purged: 1 } });
    expect(readdirSync(books.folder).sort()).toEqual([first, third]);
    expect(await found(books)).toEqual(['SEAL_CHANGED seals: 2 2']);
  });
});
