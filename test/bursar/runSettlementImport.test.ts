import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { describe, expect, it } from 'vitest';
import type { SettlementFinding } from '../../src/bursar/index.js';
import { oneAtATime } from '../../src/bursar/runSettlementImport.js';
import { type EventStore, versionConflict } from '../../src/history/index.js';
import { balancesInMinorUnits } from '../../src/index.js';
import { ask, assess, at, transfer } from '../support/account.js';
import { withoutPauses } from '../support/withoutPauses.js';
import {
  accountOf,
  expecting,
  type ImportSetup,
  institution,
  runImport,
  storeOf,
  temporaryFolder,
} from './bursarLibrary.js';

const options: ImportSetup = { jobId: 'answer', at, institution };

const sent = () =>
  storeOf({
    a: [assess('f1', '123.45'), assess('f2', '0.82'), ask('TransferFees', 'job', { eligible: { fees: {} } })],
    b: [
      assess('f1', '300.00'),
      ask('IssueCredit', 'c1', { amount: '5.00', cause: 'imported' }),
      ask('TransferFees', 'job', { eligible: { fees: {}, credits: {} } }),
    ],
    c: [assess('f1', '1.45'), transfer('job', 'f1')],
  });

/** A CSV file with these rows. */
function csv(...rows: readonly string[]) {
  const file = join(temporaryFolder(), 'answer.csv');
  writeFileSync(file, ['reference,amount,paymentReference', ...rows, ''].join('\r\n'));
  return { file, format: 'csv' } as const;
}

const pendingOf = async (store: EventStore, patronId: string) =>
  balancesInMinorUnits(await accountOf(store, patronId)).transferred;

describe('an answer of a bursar', () => {
  it('is booked row by row, and summed to the cent', async () => {
    const store = await sent();
    const source = csv('a@job,123.45,', 'a@job#1,0.82,', 'b@job,300,', 'b@job#1,-5,', 'c@job,1.45,');
    expect(await runImport(store, expecting, source, options)).toEqual({
      job: expect.objectContaining({ jobId: 'answer', by: { channel: 'import' }, currency: 'USD' }),
      recordedBefore: expect.any(String),
      rows: 5,
      rowsBookedNow: 5,
      fees: { count: 4, amount: '425.72' },
      credits: { count: 1, amount: '5.00' },
      overpaid: { count: 0, amount: '0.00' },
      reversed: { count: 0, amount: '0.00' },
      findings: { count: 0, byCode: {}, first: [] },
    });
    for (const patronId of ['a', 'b', 'c']) expect(await pendingOf(store, patronId)).toBe(0);
  });

  it('is booked once, however often the job runs', async () => {
    const store = await sent();
    const source = csv('a@job,23.45,', 'b@job,301,B-1', 'zzz@job,1,');
    const first = await runImport(store, expecting, source, options);
    expect(first).toMatchObject({
      rowsBookedNow: 2,
      fees: { amount: '323.45' },
      overpaid: { count: 1, amount: '1.00' },
    });
    const again = await runImport(store, expecting, source, options);
    expect(again).toEqual({ ...first, rowsBookedNow: 0 });
  });

  it('is also booked once under another job, if the payments have names', async () => {
    const store = await sent();
    const source = csv('a@job,100,B-1', 'a@job#1,0.5,B-1', 'c@job,1,B-2');
    await runImport(store, expecting, source, options);
    const again = await runImport(store, expecting, source, { ...options, jobId: 'again', again: true });
    expect(again).toMatchObject({
      rowsBookedNow: 0,
      fees: { count: 0 },
      findings: { byCode: { REPEATED: 3 } },
    });
    expect(again.findings.first.map(({ bookedBy }) => bookedBy)).toEqual([
      'answer/1',
      'answer/2',
      'answer/3',
    ]);
    expect(await pendingOf(store, 'a')).toBe(2_345 + 32);
  });

  it('says so where a payment has another amount in a later file, whichever sign it has', async () => {
    const store = await sent();
    await runImport(store, expecting, csv('a@job,100,B-1', 'b@job,300,B-2', 'b@job,-200,B-2'), options);
    const again = (...rows: readonly string[]) =>
      runImport(store, expecting, csv(...rows), { ...options, jobId: 'later' });
    const { findings } = await again('a@job,90,B-1', 'a@job#1,0.8,B-1', 'b@job,300,B-2', 'b@job,-100,B-2');
    expect(findings.first).toMatchObject([
      { code: 'OTHER_AMOUNT', row: 1, bookedBy: 'answer/1' },
      { code: 'REPEATED', row: 3, bookedBy: 'answer/2' },
      { code: 'OTHER_AMOUNT', row: 4, bookedBy: 'answer/3' },
    ]);
    expect(findings.first[0]?.message).toBe(
      'row 1, line 2: expected the amount of the payment, found 90 for one that is booked already from answer/1',
    );
    expect(await pendingOf(store, 'a')).toBe(2_345 + 2);
    // Beside a credit of 5.00.
    expect(await pendingOf(store, 'b')).toBe(20_000 - 500);
  });

  it('says so where a corrected file changes the amount of a row', async () => {
    const store = await sent();
    await runImport(store, expecting, csv('a@job,100,'), options);
    const { findings } = await runImport(store, expecting, csv('a@job,110,'), options);
    expect(findings.first).toMatchObject([{ code: 'OTHER_AMOUNT', bookedBy: 'answer/1' }]);
    expect(await pendingOf(store, 'a')).toBe(2_345 + 82);
  });

  it('books the first of two rows of one transfer, and reports the second, even when processed concurrently', async () => {
    for (let round = 0; round < 10; round++) {
      const store = await sent();
      const slow: EventStore = {
        ...store,
        read: async (...parts) => {
          await new Promise((resolve) => setTimeout(resolve, Math.random() * 3));
          return store.read(...parts);
        },
      };
      const source = csv('a@job,23.45,', 'a@job,23.45,', 'a@job,1,', 'c@job,1,');
      const { findings, fees } = await runImport(slow, expecting, source, options);
      expect(fees).toEqual({ count: 2, amount: '24.45' });
      expect(findings.first).toMatchObject([
        { code: 'REPEATED', row: 2, line: 3, patronId: 'a', bookedBy: 'answer/1' },
        { code: 'REPEATED', row: 3, line: 4 },
      ]);
    }
  });

  it('has a finding for each row that cannot be booked, and the rest is booked', async () => {
    withoutPauses();
    const store = await sent();
    const [event] = (await store.read({ institution, patronId: 'c' })).events;
    await store.append({ institution, patronId: 'z' }, [event, event].map((one) => one?.event) as never, {
      expectedVersion: 0,
    });
    const busy: EventStore = {
      ...store,
      append: (stream, ...rest) =>
        stream.patronId === 'c'
          ? Promise.reject(versionConflict(stream, 0, 1))
          : store.append(stream, ...rest),
    };
    const reported: SettlementFinding[] = [];
    const source = csv(
      ...[
        'nobody@job,1,',
        'a@job#9,1,',
        'a@job,-1,',
        'a@job,0,',
        'a@job,1.005,',
        'a,1,',
        'a@job',
        'z@job,1,',
      ],
      ...['c@job,1,', '"a@job","100",""', 'b@job#1,-6,'],
    );
    const report = await runImport(busy, expecting, source, {
      ...options,
      onFinding: (finding) => {
        reported.push(finding);
      },
    });
    expect(reported.map(({ row, code }) => `${row} ${code}`)).toEqual([
      '1 UNKNOWN_REFERENCE',
      '2 UNKNOWN_REFERENCE',
      '3 AMOUNT_NOT_USABLE',
      '4 AMOUNT_NOT_USABLE',
      '5 AMOUNT_NOT_USABLE',
      '6 UNKNOWN_REFERENCE',
      '7 BROKEN_ROW',
      '8 CORRUPT_HISTORY',
      '9 ACCOUNT_BUSY',
      '11 REFUSED',
    ]);
    expect(report).toMatchObject({ rows: 11, rowsBookedNow: 1, fees: { count: 1, amount: '100.00' } });
    expect(report.findings).toMatchObject({ count: 10, first: reported });
  });

  it('is not booked at all if the file is broken, even in its last line', async () => {
    const store = await sent();
    const before = (await store.readAll()).events.length;
    const source = csv('a@job,123.45,', 'b@job,"300,');
    const report = await runImport(store, expecting, source, options);
    expect(report).toMatchObject({
      rows: 0,
      fees: { count: 0 },
      findings: { count: 1, first: [{ code: 'BROKEN_FILE', row: null, line: 4 }] },
    });
    expect((await store.readAll()).events).toHaveLength(before);
  });

  it('may also be rows read by another program', async () => {
    const store = await sent();
    const rows = [{ reference: 'a@job', amount: '123.45', currency: 'USD' }, 17 as never];
    const report = await runImport(store, expecting, { rows }, options);
    expect(report).toMatchObject({
      rows: 2,
      rowsBookedNow: 1,
      findings: { first: [{ code: 'BROKEN_ROW', row: 2, line: null }] },
    });
  });

  it('is booked with the import as its actor, or with the one given by the caller', async () => {
    const store = await sent();
    await runImport(store, expecting, csv('a@job,1,'), options);
    await runImport(store, expecting, csv('a@job,1,'), {
      ...options,
      jobId: 'by hand',
      again: true,
      by: { channel: 'desk', userId: 'mo' },
    });
    const { events } = await store.read({ institution, patronId: 'a' });
    expect(events.slice(-2).map(({ event }) => event.data.by)).toEqual([
      { channel: 'import' },
      { channel: 'desk', userId: 'mo' },
    ]);
  });
});

describe('an import', () => {
  it('that was stopped is finished by the next run', async () => {
    const store = await sent();
    const stop = new AbortController();
    const stopping: EventStore = {
      ...store,
      append: async (...parts) => {
        stop.abort(new Error('enough'));
        return store.append(...parts);
      },
    };
    const source = csv('a@job,123.45,', 'a@job#1,0.82,', 'b@job,300,', 'c@job,1.45,');
    const stopped = runImport(stopping, expecting, source, {
      ...options,
      signal: stop.signal,
      concurrency: 1,
    });
    await expect(stopped).rejects.toThrow('enough');
    expect(await pendingOf(store, 'c')).toBe(145);
    const report = await runImport(store, expecting, source, options);
    expect(report).toMatchObject({ rows: 4, fees: { count: 4, amount: '425.72' }, findings: { count: 0 } });
    expect(report.rowsBookedNow).toBeLessThan(4);
  });

  it('rejects with the error of the store and of the file system', async () => {
    const store = await sent();
    const nowhere = { file: join(temporaryFolder(), 'nowhere'), format: 'csv' } as const;
    await expect(runImport(store, expecting, nowhere, options)).rejects.toMatchObject({
      code: 'ENOENT',
    });
    const broken = { ...store, read: () => Promise.reject(new Error('disk on fire')) };
    await expect(runImport(broken, expecting, csv('a@job,1,'), options)).rejects.toThrow('disk on fire');
  });

  it.each([
    ['jobId', { jobId: 'x'.repeat(191) }],
    ['at', { at: '2026-03-02' }],
    ['institution', { institution: '' }],
    ['by', { by: {} }],
    ['concurrency', { concurrency: 0 }],
    ['dryRun', { dryRun: true }],
  ])('is refused for a wrong %s', async (field, wrong) => {
    const refused = runImport(await sent(), expecting, csv(), { ...options, ...wrong } as never);
    await expect(refused).rejects.toMatchObject({
      code: 'INVALID_ARGUMENT',
      message: expect.stringContaining(field),
    });
  });
});

it('runs tasks with one key in call order, and those with other keys in parallel', async () => {
  const inTurn = oneAtATime();
  const log: string[] = [];
  const task = (name: string, work: Promise<void>) => async () => {
    log.push(`${name} begins`);
    await work;
    log.push(`${name} ends`);
    return name;
  };
  let otherEnds = () => {};
  const other = new Promise<void>((resolve) => {
    otherEnds = resolve;
  });
  const all = [
    inTurn('a', task('a1', other)),
    inTurn('a', task('a2', pause(1))),
    inTurn('__proto__', task('b1', pause(1))).finally(otherEnds),
  ];
  expect(await Promise.all(all)).toEqual(['a1', 'a2', 'b1']);
  expect(log).toEqual(['a1 begins', 'b1 begins', 'b1 ends', 'a1 ends', 'a2 begins', 'a2 ends']);
});

it('continues after a task that fails, and rejects only for its caller', async () => {
  const inTurn = oneAtATime();
  const failing = inTurn('a', async () => {
    throw new Error('no');
  });
  const next = inTurn('a', async () => 'yes');
  await expect(failing).rejects.toThrow('no');
  expect(await next).toBe('yes');
});
