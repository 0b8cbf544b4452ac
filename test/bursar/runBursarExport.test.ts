import { existsSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import type { BursarFinding } from '../../src/bursar/index.js';
import { type EventStore, loadAccount, versionConflict } from '../../src/history/index.js';
import { decide } from '../../src/index.js';
import { ask, assess, at, pay, policyWith } from '../support/account.js';
import { withoutPauses } from '../support/withoutPauses.js';
import {
  accountOf,
  type ExportSetup,
  expecting,
  institution,
  rewriteFile,
  rowsOf,
  runExport,
  storeOf,
  temporaryFolder,
} from './bursarLibrary.js';

const someAccounts = {
  a: [assess('f1', '123.45'), assess('f2', '0.82')],
  b: [
    assess('f1', '300.00', { feeType: 'OTHER' }),
    ask('IssueCredit', 'c1', { amount: '5.00', cause: 'imported' }),
  ],
  c: [assess('f1', '1.45')],
  d: [],
};

function optionsFor(more: Partial<ExportSetup> = {}): ExportSetup {
  const file = join(temporaryFolder(), 'export.csv');
  return { jobId: 'job', at, institution, fees: {}, credits: {}, file, format: 'csv', ...more };
}

/** Patron and amount of each row. */
const sentIn = (file: string) => rowsOf(file).map(({ patronId, amount }) => `${patronId} ${amount}`);

/** The transfers of a job according to the events of a store. */
async function eventsOf(store: EventStore, jobId: string): Promise<string[]> {
  const { events } = await store.readAll();
  return events.flatMap(({ patronId, event: { type, data } }) => {
    if (type === 'FeeTransferred' && data.batchId === jobId) return [`${patronId} ${data.amount}`];
    return type === 'CreditTransferred' && data.batchId === jobId ? [`${patronId} -${data.amount}`] : [];
  });
}

describe('an export to a bursar', () => {
  it('transfers, writes the transfers to a file, and sums them to the cent', async () => {
    const store = await storeOf(someAccounts);
    const options = optionsFor({ destination: 'BANNER' });
    expect(await runExport(store, expecting, options)).toEqual({
      job: {
        jobId: 'job',
        institution: 'north',
        at: '2026-03-02T09:00:00Z',
        by: { channel: 'job' },
        reason: null,
        owners: null,
        currency: 'USD',
      },
      recordedBefore: expect.stringMatching(/001Z$/),
      accounts: 3,
      accountsDoneNow: 3,
      patrons: 3,
      fees: { count: 4, amount: '425.72' },
      credits: { count: 1, amount: '5.00' },
      net: '420.72',
      findings: { count: 0, byCode: {}, first: [] },
    });
    expect(sentIn(options.file)).toEqual(['a 123.45', 'a 0.82', 'b 300.00', 'b -5.00', 'c 1.45']);
    expect(await eventsOf(store, 'job')).toEqual(sentIn(options.file));
    expect((await accountOf(store, 'a')).transfers).toMatchObject([
      { transferId: 'job', batchId: 'job', destination: 'BANNER', expectsSettlement: true },
      { transferId: 'job#1', batchId: 'job' },
    ]);
  });

  it('transfers nothing twice if it is repeated, and writes the same file', async () => {
    const store = await storeOf(someAccounts);
    const options = optionsFor();
    const first = await runExport(store, expecting, options);
    const text = readFileSync(options.file, 'utf8');
    const again = await runExport(store, expecting, options);
    expect(again).toEqual({ ...first, accountsDoneNow: 0 });
    expect(readFileSync(options.file, 'utf8')).toBe(text);
  });

  it('includes only accounts of its institution', async () => {
    const store = await storeOf({ a: [assess('f1', '1.00')] });
    const south = optionsFor({ institution: 'south' });
    expect(await runExport(store, expecting, south)).toMatchObject({ accounts: 0, net: '0.00' });
    expect(sentIn(south.file)).toEqual([]);
  });

  it('closes fees if no settlement is expected', async () => {
    const store = await storeOf(someAccounts);
    await runExport(store, expecting, optionsFor({ expectsSettlement: false }));
    const { fees } = await accountOf(store, 'a');
    expect(fees.map(({ transferred, transferPending }) => [transferred, transferPending])).toEqual([
      [12_345, 0],
      [82, 0],
    ]);
  });

  it('writes names and codes, and the format of Alma', async () => {
    const store = await storeOf(someAccounts);
    const patrons = [
      { patronId: 'a', name: 'Ada & Co', identifier: '0017', identifierType: '02', group: 'STAFF' },
      { patronId: 'b', name: 'Ben', group: 'GUEST' },
      { patronId: 'c', name: 'Cem', group: 'STAFF' },
    ];
    const codes = { feeTypes: { OVERDUEFINE: 'D1' } };
    const options = optionsFor({
      format: 'alma-xml',
      timeZone: 'Europe/Vienna',
      patrons,
      codes,
      groups: ['STAFF'],
    });
    const report = await runExport(store, expecting, options);
    expect(report).toMatchObject({ patrons: 2, fees: { count: 3, amount: '125.72' } });
    const xml = readFileSync(options.file, 'utf8');
    expect(xml).toContain('<xb:type>02</xb:type><xb:value>0017</xb:value>');
    expect(xml).toContain('<xb:patronName>Ada &amp; Co</xb:patronName>');
    expect(xml).toContain('<xb:lastTransactionDate>03/02/2026 10:00:00</xb:lastTransactionDate>');
    expect([...xml.matchAll(/<xb:fineFeeType>([^<]*)/g)].map(([, code]) => code)).toEqual(['D1', 'D1', 'D1']);
  });
});

describe('the file of an export', () => {
  it('follows the events if the selection has changed since an earlier run', async () => {
    const store = await storeOf(someAccounts);
    const patrons = ['a', 'b', 'c'].map((patronId) => ({ patronId, group: 'STAFF' }));
    await runExport(store, expecting, optionsFor({ patrons, groups: ['STAFF'] }));
    const moved = [
      { patronId: 'a', group: 'GUEST' },
      { patronId: 'b', group: 'STAFF' },
    ];
    const options = optionsFor({ patrons: moved, groups: ['STAFF'] });
    const report = await runExport(store, expecting, options);
    expect(sentIn(options.file)).toEqual(await eventsOf(store, 'job'));
    expect(report.findings.byCode).toEqual({ PATRON_NOT_IN_DIRECTORY: 1 });
  });

  it('includes the rows of an earlier run with other options, and reports the difference', async () => {
    const store = await storeOf(someAccounts);
    await runExport(store, expecting, optionsFor({ fees: { minimumAmount: '100' } }));
    const options = optionsFor({ fees: {} });
    const report = await runExport(store, expecting, options);
    expect(sentIn(options.file)).toEqual(['a 123.45', 'b 300.00', 'b -5.00', 'c 1.45']);
    expect(await eventsOf(store, 'job')).toEqual(sentIn(options.file));
    expect(report.findings.byCode).toEqual({ REFUSED: 2 });
  });

  it('is still the previous one while the job runs and after an abort; the job can be finished then', async () => {
    const store = await storeOf(someAccounts);
    const options = optionsFor();
    writeFileSync(options.file, 'of before');
    const stop = new AbortController();
    const onAppend: EventStore = {
      ...store,
      append: async (...parts) => {
        const appended = await store.append(...parts);
        expect(readFileSync(options.file, 'utf8')).toBe('of before');
        stop.abort(new Error('enough'));
        return appended;
      },
    };
    const stopped = runExport(onAppend, expecting, { ...options, concurrency: 1, signal: stop.signal });
    await expect(stopped).rejects.toThrow('enough');
    expect(readFileSync(options.file, 'utf8')).toBe('of before');
    expect(readdirSync(join(options.file, '..'))).toEqual(['export.csv']);
    const done = (await eventsOf(store, 'job')).length;
    expect(done).toBeGreaterThan(0);
    expect(done).toBeLessThan(5);
    await runExport(store, expecting, options);
    expect(sentIn(options.file)).toEqual(['a 123.45', 'a 0.82', 'b 300.00', 'b -5.00', 'c 1.45']);
    expect(await eventsOf(store, 'job')).toHaveLength(5);
  });

  it('is complete after two concurrent runs of the job, and nothing is transferred twice', async () => {
    const many = Object.fromEntries(Array.from({ length: 60 }, (_, n) => [`p${n}`, [assess('f1', '1.00')]]));
    const store = await storeOf(many);
    const [one, other] = [optionsFor(), optionsFor()];
    await Promise.all([runExport(store, expecting, one), runExport(store, expecting, other)]);
    expect(await eventsOf(store, 'job')).toHaveLength(60);
    expect(readFileSync(one.file, 'utf8')).toBe(readFileSync(other.file, 'utf8'));
    expect(sentIn(one.file)).toHaveLength(60);
  });

  it('can be rewritten, in another format too, without any transfer', async () => {
    const store = await storeOf(someAccounts);
    const options = optionsFor();
    const report = await runExport(store, expecting, options);
    await store.append(
      { institution, patronId: 'e' },
      (await store.read({ institution, patronId: 'c' })).events.slice(0, 1).map(({ event }) => event),
      { expectedVersion: 0 },
    );
    const again = join(temporaryFolder(), 'again');
    const rewritten = await rewriteFile(store, expecting, {
      jobId: 'job',
      institution,
      file: again,
      format: 'csv',
    });
    const job = { ...report.job, at: null, by: null };
    expect(rewritten).toEqual({
      ...report,
      job,
      recordedBefore: rewritten.recordedBefore,
      accounts: 4,
      accountsDoneNow: 0,
    });
    expect(readFileSync(again, 'utf8')).toBe(readFileSync(options.file, 'utf8'));
    expect((await accountOf(store, 'e')).transfers).toEqual([]);
  });
});

describe('a finding of an export', () => {
  it('does not stop the other accounts', async () => {
    withoutPauses();
    const store = await storeOf(someAccounts);
    const yen = policyWith({ currency: 'JPY' });
    const inYen = [assess('f1', '1200'), ask('TransferFees', 'job', { eligible: { fees: {} } })];
    const elsewhere = await storeOf({ y: inYen }, yen);
    const { events } = await elsewhere.read({ institution, patronId: 'y' });
    await store.append(
      { institution, patronId: 'y' },
      events.map(({ event }) => event),
      { expectedVersion: 0 },
    );
    const [first] = (await store.read({ institution, patronId: 'a' })).events;
    await store.append({ institution, patronId: 'z' }, [first, first].map((one) => one?.event) as never, {
      expectedVersion: 0,
    });
    const busy: EventStore = {
      ...store,
      append: (stream, ...rest) =>
        stream.patronId === 'b'
          ? Promise.reject(versionConflict(stream, 0, 1))
          : store.append(stream, ...rest),
    };
    const findings: BursarFinding[] = [];
    const options = optionsFor({
      onFinding: (finding) => {
        findings.push(finding);
      },
    });
    const report = await runExport(busy, expecting, options);
    expect(findings.map(({ patronId, code }) => [patronId, code])).toEqual([
      ['b', 'ACCOUNT_BUSY'],
      ['y', 'OTHER_CURRENCY'],
      ['z', 'CORRUPT_HISTORY'],
    ]);
    expect(report.findings).toMatchObject({ count: 3, first: findings });
    // Amounts in another currency are in the file, with that currency, and in no sum.
    expect(sentIn(options.file)).toEqual(['a 123.45', 'a 0.82', 'c 1.45', 'y 1200']);
    expect(report.fees).toEqual({ count: 3, amount: '125.72' });
  });

  it('does not include failures of the store, the directory or the file: then there is no file', async () => {
    const store = await storeOf(someAccounts);
    const options = optionsFor();
    const broken = { ...store, read: () => Promise.reject(new Error('disk on fire')) };
    await expect(runExport(broken, expecting, options)).rejects.toThrow('disk on fire');
    const nobody = { ...options, patrons: () => ({}) as never };
    await expect(runExport(store, expecting, nobody)).rejects.toMatchObject({
      code: 'INVALID_ARGUMENT',
    });
    expect(existsSync(options.file)).toBe(false);
    const nowhere = { ...options, file: join(options.file, 'nowhere', 'x') };
    await expect(runExport(store, expecting, nowhere)).rejects.toMatchObject({ code: 'ENOENT' });
    expect((await loadAccount(store, { institution, patronId: 'c' })).version).toBe(1);
  });
});

describe('the options of an export', () => {
  it.each([
    ['file', { file: '' }],
    ['format', { format: 'pdf' }],
    ['timeZone', { timeZone: 'Mars/Olympus' }],
    ['patrons', { patrons: 17 }],
    ['onFinding', { onFinding: 'log' }],
    ['signal', { signal: {} }],
    ['concurrency', { concurrency: 0 }],
    ['minimumAmount', { minimumAmount: '5' }],
    ['fees', { fees: undefined, credits: undefined }],
    ['patrons', { groups: ['STAFF'] }],
  ])('are refused for a wrong %s', async (field, wrong) => {
    const options = optionsFor(wrong as never);
    const refused = runExport(await storeOf(someAccounts), expecting, options);
    await expect(refused).rejects.toMatchObject({
      code: 'INVALID_ARGUMENT',
      message: expect.stringContaining(field),
    });
  });

  it('of a rewritten file have no selection', async () => {
    const options = optionsFor();
    const refused = rewriteFile(await storeOf({}), expecting, options);
    await expect(refused).rejects.toMatchObject({ code: 'INVALID_ARGUMENT' });
  });
});

describe('an identifier that a spreadsheet would run as a formula', () => {
  const patrons = [{ patronId: 'a', identifier: '=1+1' }, { patronId: 'c' }];

  it('is escaped and reported, or kept unescaped if the options ask for it', async () => {
    const store = await storeOf({ a: [assess('f1', '1.00')], c: [assess('f1', '2.00')] });
    const escaped = optionsFor({ patrons });
    const report = await runExport(store, expecting, escaped);
    expect(rowsOf(escaped.file).map(({ identifier }) => identifier)).toEqual(["'=1+1", 'c']);
    expect(report.findings.first).toEqual([
      {
        institution,
        patronId: 'a',
        code: 'IDENTIFIER_ESCAPED',
        identifiers: ['=1+1'],
        message: expect.stringContaining('"=1+1"'),
      },
    ]);
    const asIs = optionsFor({ patrons, identifiers: 'asIs' });
    expect((await runExport(store, expecting, asIs)).findings.count).toBe(0);
    expect(rowsOf(asIs.file).map(({ identifier }) => identifier)).toEqual(['=1+1', 'c']);
    const xml = optionsFor({ patrons, format: 'alma-xml' });
    expect((await runExport(store, expecting, xml)).findings.count).toBe(0);
  });
});

/** The store after a power cut that lost all but the first few events of some patrons. */
async function afterPowerCut(store: EventStore, lost: readonly string[], kept = 1): Promise<EventStore> {
  const left = await storeOf({});
  for (const { patronId, version, event } of (await store.readAll()).events) {
    if (lost.includes(patronId) && version > kept) continue;
    await left.append({ institution, patronId }, [event], { expectedVersion: version - 1 });
  }
  return left;
}

describe('a job that is repeated after a power cut', () => {
  const accounts = { a: [assess('f1', '1.00')], b: [assess('f1', '2.00')], c: [assess('f1', '3.00')] };
  const codes = (findings: readonly BursarFinding[]) =>
    findings.map((finding) => [
      finding.code,
      finding.patronId,
      'amount' in finding && finding.amount,
      'transferredNow' in finding && finding.transferredNow,
    ]);

  it.each(['csv', 'alma-xml'] as const)(
    'reports rows without events, and transfers the same again (%s)',
    async (format) => {
      const store = await storeOf(accounts);
      const options = optionsFor({ format });
      await runExport(store, expecting, options);
      const sent = readFileSync(options.file, 'utf8');
      const left = await afterPowerCut(store, ['b', 'c']);
      // In the meantime c has paid: that row has no event now, and will not get one.
      await left.append({ institution, patronId: 'c' }, await paidIn(left, 'c'), { expectedVersion: 1 });
      const report = await runExport(left, expecting, options);
      const amounts = format === 'csv' ? ['2.00', '3.00'] : ['2', '3'];
      expect(codes(report.findings.first)).toEqual([
        ['FILE_ROW_WITHOUT_EVENT', 'b', amounts[0], true],
        ['FILE_ROW_WITHOUT_EVENT', 'c', amounts[1], false],
      ]);
      expect(report.fees).toEqual({ count: 2, amount: '3.00' });
      expect(readFileSync(options.file, 'utf8')).not.toBe(sent);
      // File and events now agree.
      expect((await runExport(left, expecting, options)).findings.count).toBe(0);
    },
  );

  it('reports a row of an account whose events are all lost', async () => {
    const store = await storeOf(accounts);
    const options = optionsFor();
    await runExport(store, expecting, options);
    const report = await runExport(await afterPowerCut(store, ['b'], 0), expecting, options);
    expect(codes(report.findings.first)).toEqual([['FILE_ROW_WITHOUT_EVENT', 'b', '2.00', false]]);
  });

  it('reports events without rows and rows with another amount, and writes the file from the events', async () => {
    const store = await storeOf(accounts);
    const options = optionsFor();
    await runExport(store, expecting, options);
    const sent = readFileSync(options.file, 'utf8');
    const torn = sent
      .split('\r\n')
      .filter((line) => !line.startsWith('a@'))
      .join('\r\n');
    writeFileSync(options.file, torn.replace(',2.00,', ',20.00,'));
    const report = await runExport(store, expecting, options);
    expect(codes(report.findings.first)).toEqual([
      ['EVENT_WITHOUT_FILE_ROW', 'a', '1.00', false],
      ['EVENT_WITHOUT_FILE_ROW', 'b', '2.00', false],
      ['FILE_ROW_WITHOUT_EVENT', 'b', '20.00', false],
    ]);
    expect(readFileSync(options.file, 'utf8')).toBe(sent);
  });

  it('compares no file of another job, and reports an unreadable file', async () => {
    const store = await storeOf(accounts);
    const options = optionsFor();
    await runExport(store, expecting, options);
    const next = await runExport(store, expecting, { ...options, jobId: 'next' });
    expect(next.findings.count).toBe(0);
    writeFileSync(options.file, 'no file of ours');
    const report = await runExport(store, expecting, { ...options, jobId: 'next' });
    expect(report.findings.first).toMatchObject([{ code: 'FILE_NOT_COMPARED', patronId: null }]);
  });
});

async function paidIn(store: EventStore, patronId: string) {
  const account = (await loadAccount(store, { institution, patronId })).account;
  const decision = decide(pay('p', '3.00'), account, expecting);
  return decision.events;
}
