import { readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { basename, join } from 'node:path';
import { definePolicy } from 'patron-fees';
import { closeMonth, verifySeals } from 'patron-fees/closing';
import { execute } from 'patron-fees/history';
import { executeTill } from 'patron-fees/office';
import { accountStatement, statementHtml, statementText } from 'patron-fees/reports';
import { expect, it } from 'vitest';
import { by } from '../../office/till/tills.js';
import { type Books, emptyBooks, explained, institution, policy, timeZone } from '../../seals/sealedBooks.js';
import { temporaryFolder } from '../../support/temporaryFolder.js';

const month = { institution, month: '2026-01', timeZone, at: '2026-02-01T12:00:00Z' };
const start = '2026-01-05T15:00:00Z';

async function filled(): Promise<Books> {
  const books = emptyBooks();
  books.clock.now = start;
  const fee = { type: 'AssessFee', feeType: 'OTHER', amount: '30', owner: 'MAIN', at: start } as const;
  const payment = { type: 'ReceivePayment', method: 'CASH', at: '2025-12-30T15:00:00Z' } as const;
  const { decision } = await execute(books.stores.accounts, policy, { institution, patronId: 'p' }, [
    { ...fee, id: 'f1' },
    { type: 'TransferFees', id: 't1', fees: [{ feeId: 'f1' }], destination: 'BURSAR', at: start },
    { ...fee, id: 'f2' },
    // A late entry of December: it is in the file of January, in which it was recorded.
    { ...payment, id: 'p1', amount: '4', feeIds: ['f2'] },
  ]);
  if (!decision.accepted) throw new Error(JSON.stringify(decision.rejection));
  await execute(books.stores.accounts, policy, { institution, patronId: 'broken' }, { ...fee, id: 'f1' });
  const session = { sessionId: 's1', at: start, by } as const;
  const till = { institution, till: 'CIRC' };
  await executeTill(books.stores.office, policy, till, {
    type: 'OpenTill',
    id: 's1',
    float: '50.00',
    at: start,
    by,
  });
  const counts = [{ method: 'CASH', amount: '50.00' }];
  await executeTill(books.stores.office, policy, till, {
    type: 'CloseTill',
    id: 'c1',
    takings: [],
    counts,
    ...session,
  });
  await executeTill(books.stores.office, policy, till, {
    type: 'OpenTill',
    id: 's2',
    float: '50.00',
    at: start,
    by,
  });
  books.clock.now = month.at;
  return books;
}

it('lists as missing the closing of each session whose opening was recorded in the month, at any stated time', async () => {
  const { stores, folder, clock } = emptyBooks();
  const open = (till: string, at: string) =>
    executeTill(
      stores.office,
      policy,
      { institution, till },
      { type: 'OpenTill', id: till, float: '50.00', at, by },
    );
  clock.now = start;
  await open('MISTYPED', '2062-01-05T15:00:00Z');
  clock.now = month.at;
  await open('LATE', start);
  const files = temporaryFolder();
  const result = await closeMonth(stores, policy, { ...month, format: 'csv' }, { folder, files });
  if (!result.accepted) throw new Error(JSON.stringify(result.rejection));
  expect(result.report.missing).toEqual([
    { code: 'TILL_OPEN', till: 'MISTYPED', sessionId: 'MISTYPED', openedAt: '2062-01-05T15:00:00Z' },
  ]);
  const listed = new Set(result.report.till.rows.map(({ till }) => till));
  expect([...listed]).toEqual(['MISTYPED']);
});

it('seals, writes files that name the seal, and says what is missing; the same files again', async () => {
  const { stores, folder } = await filled();
  for (const format of ['hledger', 'beancount', 'csv'] as const) {
    const files = temporaryFolder();
    const result = await closeMonth(stores, policy, { ...month, format }, { folder, files });
    if (!result.accepted) throw new Error(JSON.stringify(result.rejection));
    const { seal, missing, journal, till, payments, agedDebt } = result.report;
    expect(missing).toEqual([
      { code: 'TILL_OPEN', till: 'CIRC', sessionId: 's2', openedAt: start },
      { code: 'NOT_REMITTED', destination: 'BURSAR', currency: 'USD', amount: '30.00' },
    ]);
    expect(journal.balances.length).toBeGreaterThan(3);
    expect(till.rows).toHaveLength(2);
    expect(payments.total).toMatchObject({ payments: 1, net: '4.00' });
    // 26.00 of f2 and 30.00 of the other account; f1 is with the bursar.
    expect(agedDebt.total).toMatchObject({ owed: '56.00' });
    expect(result.report.files.map((file) => basename(file))).toEqual([
      expect.stringMatching(/^journal-2026-01\./),
      'till-2026-01-USD.csv',
      'payments-2026-01-USD.csv',
      'aged-debt-2026-01-USD.csv',
    ]);
    const texts = result.report.files.map((file) => readFileSync(file, 'utf8'));
    for (const text of texts) expect(text).toContain(`1 ${seal.total}`);
    if (format === 'csv')
      for (const text of texts)
        expect(
          new Set(
            text
              .split('\r\n')
              .slice(1, -1)
              .map((line) => line.split(',').at(-1)),
          ),
        ).toEqual(new Set([`1 ${seal.total}`]));
    const names = readdirSync(files).sort();
    // What comes later belongs to February.
    const late = {
      type: 'ReceivePayment',
      id: `late ${format}`,
      amount: '3',
      method: 'CASH',
      at: start,
    } as const;
    const { decision } = await execute(stores.accounts, policy, { institution, patronId: 'p' }, late);
    expect(decision.accepted).toBe(true);
    const again = await closeMonth(stores, policy, { ...month, format }, { folder, files });
    expect(again).toMatchObject({ accepted: true, report: { seal, sealing: { isRepeat: true } } });
    expect(result.report.files.map((file) => readFileSync(file, 'utf8'))).toEqual(texts);
    expect(readdirSync(files).sort()).toEqual(names);
  }
});

it('lists the accounts that cannot be read, once the form names them as known', async () => {
  const books = await filled();
  const { accounts } = books.stores;
  const read: typeof accounts.read = async (stream, options) => {
    const slice = await accounts.read(stream, options);
    if (stream.patronId !== 'broken') return slice;
    return { ...slice, events: slice.events.map((one) => ({ ...one, version: one.version + 1 })) };
  };
  const stores = { ...books.stores, accounts: { ...accounts, read } };
  const options = { folder: books.folder, files: temporaryFolder() };
  const form = { ...month, format: 'csv' } as const;
  const refused = await closeMonth(stores, policy, form, options);
  expect(refused).toMatchObject({ accepted: false, rejection: { type: 'BooksDiffer', seal: 0 } });
  const place = {
    code: 'CORRUPT_HISTORY',
    patronId: 'broken',
    version: 1,
    seal: null,
    digest: null,
  } as const;
  const known = [{ ...place, by: 'mo', why: 'restored tomorrow' }];
  const closed = await closeMonth(stores, policy, { ...form, known }, options);
  expect(closed).toMatchObject({ accepted: true, report: { seal: { known: 1 } } });
  const codes = closed.accepted ? closed.report.missing.map(({ code }) => code) : [];
  expect(codes).toContain('UNREADABLE');
});

it('reports later entries of a closed month, which are in no file until the month is closed again', async () => {
  const { stores, folder, clock } = await filled();
  const options = { folder, files: temporaryFolder() };
  const february = { ...month, month: '2026-02', at: '2026-03-01T12:00:00Z', format: 'csv' } as const;
  const january = { ...month, format: 'csv' } as const;
  await closeMonth(stores, policy, january, options);
  clock.now = '2026-01-31T15:00:00Z';
  const fee = { type: 'AssessFee', id: 'slow', feeType: 'OTHER', amount: '7', owner: 'MAIN' } as const;
  await execute(stores.accounts, policy, { institution, patronId: 'p' }, { ...fee, at: clock.now });
  await execute(stores.accounts, policy, { institution, patronId: 'new' }, { ...fee, at: clock.now });
  clock.now = february.at;
  const before = readFileSync(`${options.files}/journal-2026-01.csv`, 'utf8');
  for (const form of [january, february])
    expect(await closeMonth(stores, policy, form, options)).toMatchObject({
      rejection: { type: 'BooksDiffer', seal: 1, findings: { count: 2 } },
    });
  expect(readFileSync(`${options.files}/journal-2026-01.csv`, 'utf8')).toBe(before);
  const { findings } = await verifySeals(stores, policy, { institution }, { folder });
  const known = explained(findings.first);
  expect(known.map(({ code, patronId }) => [code, patronId])).toEqual([
    ['ACCOUNT_ADDED', 'new'],
    ['EVENT_ADDED', 'p'],
  ]);
  // The second time, its seal lists them, not the form.
  for (const form of [{ ...february, known }, february]) {
    const closed = await closeMonth(stores, policy, form, options);
    if (!closed.accepted) throw new Error(JSON.stringify(closed.rejection));
    const { missing } = closed.report;
    expect(missing.filter(({ code }) => code === 'RECORDED_LATE')).toEqual(
      known.map((one) => ({ code: 'RECORDED_LATE', known: one })),
    );
  }
  expect(readFileSync(`${options.files}/journal-2026-02.csv`, 'utf8')).not.toContain('slow');
  expect(await closeMonth(stores, policy, { ...january, known }, options)).toMatchObject({ accepted: true });
  expect(readFileSync(`${options.files}/journal-2026-01.csv`, 'utf8')).toContain('slow');
});

it('puts each count of a till into the file of the month in which it was recorded', async () => {
  const { stores, folder, clock } = await filled();
  const options = { folder, files: temporaryFolder() };
  const { office } = stores;
  const run = async (till: string, now: string, command: object) => {
    clock.now = now;
    const { decision } = await executeTill(office, policy, { institution, till }, command as never);
    expect(decision.accepted).toBe(true);
  };
  const counts = [{ method: 'CASH', amount: '49.00' }];
  const end = { type: 'CloseTill', id: 'c', takings: [], counts, by } as const;
  const linesOf = (number: string) =>
    readFileSync(`${options.files}/till-2026-${number}-USD.csv`, 'utf8')
      .split('\r\n')
      .slice(1, -1)
      .map((line) => line.split(','))
      .map(([till, session, , , , , , , , , , , , counted]) => [till, session, counted].join(' '));
  await closeMonth(stores, policy, { ...month, format: 'csv' }, options);
  await run('CIRC', '2026-02-01T15:00:00Z', { ...end, sessionId: 's2', at: '2026-02-01T15:00:00Z' });
  // A day of January that is recorded in February.
  const late = { at: '2026-01-31T21:00:00Z', by };
  await run('LAW', '2026-02-01T16:00:00Z', { type: 'OpenTill', id: 's3', float: '50.00', ...late });
  await run('LAW', '2026-02-01T16:01:00Z', { ...end, ...late, sessionId: 's3' });
  for (const [number, next] of [
    ['02', '03'],
    ['03', '04'],
  ] as const) {
    clock.now = `2026-${next}-01T12:00:00Z`;
    const form = { ...month, month: `2026-${number}`, at: clock.now, format: 'csv' } as const;
    expect(await closeMonth(stores, policy, form, options)).toMatchObject({ accepted: true });
  }
  expect(linesOf('01')).toEqual(['CIRC s1 50.00', 'CIRC s2 ']);
  expect(linesOf('02')).toEqual(['CIRC s2 49.00', 'LAW s3 49.00']);
  expect(linesOf('03')).toEqual([]);
});

it('writes the reports of each currency to files of their own, and says which currency is missing', async () => {
  const { stores, folder, clock } = await filled();
  const options = { folder, files: temporaryFolder() };
  const euro = definePolicy({ currency: 'EUR' });
  clock.now = start;
  const fee = {
    type: 'AssessFee',
    id: 'e1',
    feeType: 'OTHER',
    amount: '9',
    owner: 'MAIN',
    at: start,
  } as const;
  await execute(stores.accounts, euro, { institution, patronId: 'eu' }, fee);
  clock.now = month.at;
  const form = { ...month, format: 'hledger' } as const;
  for (const [own, other] of [
    [policy, 'EUR'],
    [euro, 'USD'],
  ] as const) {
    const closed = await closeMonth(stores, own, form, options);
    if (!closed.accepted) throw new Error(JSON.stringify(closed.rejection));
    const { missing, agedDebt } = closed.report;
    expect(missing.filter(({ code }) => code === 'OTHER_CURRENCY')).toEqual([
      { code: 'OTHER_CURRENCY', currency: other },
    ]);
    expect(agedDebt.total).toMatchObject({ owed: other === 'EUR' ? '56.00' : '9.00' });
  }
  expect(readdirSync(options.files).sort()).toEqual([
    'aged-debt-2026-01-EUR.csv',
    'aged-debt-2026-01-USD.csv',
    'journal-2026-01.journal',
    'payments-2026-01-EUR.csv',
    'payments-2026-01-USD.csv',
    'till-2026-01-EUR.csv',
    'till-2026-01-USD.csv',
  ]);
});

it('refuses a month after one that was left out', async () => {
  const { stores, folder, clock } = await filled();
  const options = { folder, files: temporaryFolder() };
  const close = (number: string) => {
    clock.now = '2026-04-02T12:00:00Z';
    const form = { ...month, month: `2026-${number}`, at: clock.now, format: 'csv' } as const;
    return closeMonth(stores, policy, form, options);
  };
  await close('01');
  const rejection = { type: 'SealMonthLeftOut', kind: 'conflict', month: '2026-02' };
  expect(await close('03')).toMatchObject({ accepted: false, rejection });
  for (const number of ['02', '03']) expect(await close(number)).toMatchObject({ accepted: true });
});

it('refuses a wrong format or folder before it seals, and a month that is not over', async () => {
  const { stores, folder } = await filled();
  const options = { folder, files: temporaryFolder() };
  await expect(closeMonth(stores, policy, { ...month, format: 'xml' as never }, options)).rejects.toThrow(
    'format',
  );
  const wrong = (files: unknown) =>
    closeMonth(stores, policy, { ...month, format: 'csv' }, { folder, files: files as string });
  for (const files of [undefined, 5, '']) await expect(wrong(files)).rejects.toThrow('options.files');
  await expect(wrong(join(folder, 'nowhere'))).rejects.toThrow('ENOENT');
  writeFileSync(join(options.files, 'file'), '');
  await expect(wrong(join(options.files, 'file'))).rejects.toThrow('ENOTDIR');
  expect(readdirSync(folder)).toEqual([]);
  const early = await closeMonth(
    stores,
    policy,
    { ...month, format: 'csv', at: '2026-01-31T12:00:00Z' },
    options,
  );
  expect(early).toMatchObject({ accepted: false, rejection: { type: 'SealTooEarly' } });
});

it('statements of a closed month name the seal', () => {
  const statement = accountStatement([], policy, { patron: { name: 'Ada' } });
  const options = { locale: 'en-US', timeZone, seal: { number: 1, total: 'abc' } };
  expect(statementText(statement, options)).toMatch(/\nSeal: 1 abc\n$/);
  expect(statementHtml(statement, options)).toMatch(/<p [^>]*>Seal: 1 abc<\/p>/);
});
