import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  type BursarReconciliationOptions,
  runBursarExport,
  runBursarReconciliation,
  runSettlementImport,
} from '../../src/bursar/index.js';
import {
  keepRow,
  type PatronRows,
  type ReadRow,
  readRows,
  reconcileAccount,
} from '../../src/bursar/runBursarReconciliation.js';
import { execute } from '../../src/history/index.js';
import { type AccountEvent, type Command, decide, emptyAccount, fold } from '../../src/index.js';
import { ask, assess, at } from '../support/account.js';
import { paid } from '../support/events.js';
import { withOffice } from '../support/officeOf.js';
import { LAW_TIMEOUT_MS, seeded } from '../support/seeded.js';
import { expecting, institution, rowsOf, storeOf, temporaryFolder } from './bursarLibrary.js';

const minorOf = (amount: string | null) => Math.round(Number(amount ?? 0) * 100);
const written = (minor: number) => (minor / 100).toFixed(2);

type Row = { readonly reference: string; readonly amount: string; readonly paymentReference?: string };

function writeRows(file: string, rows: readonly Row[]): void {
  const lines = rows.map(
    ({ reference, amount, paymentReference = '' }) => `${reference},${amount},${paymentReference}`,
  );
  writeFileSync(file, ['reference,amount,paymentReference', ...lines, ''].join('\r\n'));
}

/** Ten patrons with two fees each, exported. */
async function exported() {
  const patrons = Array.from({ length: 10 }, (_, n) => `u${n}`);
  const store = await storeOf(
    Object.fromEntries(patrons.map((id, n) => [id, [assess('f1', `${n + 10}.00`), assess('f2', '3.50')]])),
  );
  const folder = temporaryFolder();
  const file = join(folder, 'export.csv');
  await runBursarExport(
    store,
    expecting,
    { jobId: 'job', institution, at, fees: {} },
    { file, format: 'csv' },
  );
  const rows = rowsOf(file) as readonly Row[];
  const importAnswer = (jobId: string, source: string) =>
    runSettlementImport(withOffice(store), expecting, {
      jobId,
      institution,
      at,
      source: { file: source, format: 'csv' },
    });
  const reconcile = async (answers: readonly string[] = [], options: BursarReconciliationOptions = {}) => {
    const form = {
      institution,
      exportJobId: 'job',
      file: { file, format: 'csv' } as const,
      answers: answers.map((jobId) => ({
        jobId,
        source: { file: join(folder, `${jobId}.csv`), format: 'csv' } as const,
      })),
    };
    return runBursarReconciliation(store, expecting, form, options);
  };
  return { store, folder, file, rows, importAnswer, reconcile };
}

describe('a reconciliation', () => {
  it('has no difference if nothing was changed', async () => {
    const { folder, rows, importAnswer, reconcile } = await exported();
    const answer = join(folder, 'a1.csv');
    writeRows(
      answer,
      rows.slice(0, 5).map((row) => ({ ...row, paymentReference: `R-${row.reference}` })),
    );
    await importAnswer('a1', answer);
    expect(await reconcile(['a1'])).toMatchObject({
      exportJobId: 'job',
      institution,
      currency: 'USD',
      file: { count: 20, amount: '180.00' },
      transferred: { count: 20, amount: '180.00' },
      answers: { count: 5 },
      booked: { count: 5 },
      otherwise: { count: 0, amount: '0.00' },
      findings: { count: 0 },
    });
  });

  it('names rows of patrons without an account, of corrupt accounts, and broken files', async () => {
    const { store, file, rows, reconcile } = await exported();
    await store.append({ institution, patronId: 'bad' }, [paid('p1', 'f1', '4.00')], { expectedVersion: 0 });
    writeRows(file, [
      ...rows,
      { reference: 'nobody@job', amount: '1.00' },
      { reference: 'bad@job', amount: '2.00' },
    ]);
    const { findings } = await reconcile();
    expect(findings.first.map(({ code, patronId }) => [code, patronId])).toEqual([
      ['ACCOUNT_UNREADABLE', 'bad'],
      ['FILE_ROW_WITHOUT_EVENT', 'bad'],
      ['FILE_ROW_WITHOUT_EVENT', 'nobody'],
    ]);
    writeFileSync(file, 'reference,amount\r\n"u1@job');
    expect((await reconcile()).findings.byCode).toEqual({
      FILE_BROKEN: 1,
      EVENT_WITHOUT_FILE_ROW: 20,
      ACCOUNT_UNREADABLE: 1,
    });
  });

  it('has a line and a figure for what was recalled, and a figure for overpaid amounts', async () => {
    const { store, folder, rows, importAnswer, reconcile } = await exported();
    const recalls = rows.slice(0, 2).map(({ reference }, n) => {
      const [patronId = '', transferId = ''] = reference.split('@');
      return { patronId, transferId, id: `back ${n}`, reference };
    });
    for (const { patronId, transferId, id } of recalls) {
      const command = ask('RecallTransfer', id, { transferId });
      const { decision } = await execute(store, expecting, { institution, patronId }, command);
      expect(decision.accepted).toBe(true);
    }
    const late = rows.at(-1) as Row;
    const answer = join(folder, 'a1.csv');
    writeRows(answer, [{ ...late, amount: written(minorOf(late.amount) + 125), paymentReference: 'R-1' }]);
    await importAnswer('a1', answer);
    const report = await reconcile(['a1']);
    const recalled = recalls.reduce(
      (sum, { reference }) => sum + minorOf((rows.find((row) => row.reference === reference) as Row).amount),
      0,
    );
    expect(report).toMatchObject({
      transferred: { amount: '180.00' },
      recalled: { count: 2, amount: written(recalled) },
      settled: late.amount,
      surplus: '1.25',
      pending: written(18_000 - recalled - minorOf(late.amount)),
      findings: { count: 2, byCode: { RECALLED: 2 } },
    });
    expect(
      report.findings.first.map(({ reference, inEvents, bookedBy }) => [reference, inEvents, bookedBy]),
    ).toEqual(recalls.map(({ reference, id }, n) => [reference, (rows[n] as Row).amount, id]));
    expect(report.findings.first[0]?.message).toMatch(
      /came back here \([\d.]+ in the events, recalled by back 0\)$/,
    );
  });

  it('reports that the payment reference of a row was changed', async () => {
    const { folder, rows, importAnswer, reconcile } = await exported();
    const answer = join(folder, 'a1.csv');
    const answered = rows
      .slice(0, 3)
      .map((row, n) => ({ ...row, paymentReference: n === 2 ? '' : `R-${n}` }));
    writeRows(answer, answered);
    await importAnswer('a1', answer);
    writeRows(answer, [{ ...(answered[0] as Row), paymentReference: 'R-9' }, ...answered.slice(1)]);
    const { findings, answers, booked } = await reconcile(['a1']);
    expect(findings.first.map(({ code, row, message }) => [code, row, message])).toEqual([
      [
        'PAYMENT_REFERENCE_DIFFERS',
        1,
        `answer a1, row 1, ${rows[0]?.reference}: the row was booked with another payment reference ` +
          '("R-9" in the answer, booked with "R-0")',
      ],
    ]);
    expect(answers).toEqual(booked);
  });

  it('stops on a signal, and refuses rows, shards and unknown options', async () => {
    const { store, reconcile } = await exported();
    await expect(reconcile([], { signal: AbortSignal.abort(new Error('closing time')) })).rejects.toThrow(
      'closing time',
    );
    await expect(reconcile([], { passes: 0 })).rejects.toMatchObject({ code: 'INVALID_ARGUMENT' });
    await expect(reconcile(['a1', 'a1'])).rejects.toMatchObject({
      code: 'INVALID_ARGUMENT',
      details: { faults: [{ path: 'form.answers' }] },
    });
    const shard = { index: 0, of: 2 };
    await expect(reconcile([], { shard } as never)).rejects.toMatchObject({ code: 'INVALID_ARGUMENT' });
    const form = { institution, exportJobId: 'job', file: { rows: [] } };
    await expect(runBursarReconciliation(store, expecting, form as never)).rejects.toThrow('form.file');
  });

  it(
    'explains every cent between file, events and answers, in any number of passes',
    async () => {
      const change = fc.record({
        what: fc.constantFrom('drop', 'amount', 'repeat', 'invent', 'rename'),
        row: fc.nat(19),
        by: fc.integer({ min: 1, max: 900 }),
      });
      const payment = fc.record({
        row: fc.nat(19),
        minor: fc.integer({ min: 1, max: 2_500 }),
        isNamed: fc.boolean(),
      });
      const plan = fc.record({
        file: fc.array(change, { maxLength: 4 }),
        answer: fc.array(change, { maxLength: 4 }),
        paid: fc.array(payment, { minLength: 1, maxLength: 8 }),
        byHand: fc.array(payment, { maxLength: 2 }),
        recalled: fc.array(fc.nat(19), { maxLength: 2 }),
        isSecond: fc.boolean(),
        passes: fc.integer({ min: 2, max: 5 }),
      });
      const changed = (
        rows: readonly Row[],
        changes: readonly (typeof change extends fc.Arbitrary<infer T> ? T : never)[],
      ) => {
        const result = [...rows];
        for (const { what, row, by } of changes) {
          const index = row % Math.max(1, result.length);
          const there = result[index];
          if (what === 'invent') result.push({ reference: `u${row % 12}@job#${by}`, amount: written(by) });
          else if (there === undefined) continue;
          else if (what === 'drop') result.splice(index, 1);
          else if (what === 'repeat') result.push(there);
          else if (what === 'rename') result[index] = { ...there, paymentReference: `R-${by}` };
          else result[index] = { ...there, amount: written(minorOf(there.amount) + by) };
        }
        return result;
      };
      await fc.assert(
        fc.asyncProperty(
          plan,
          async ({ file: ofFile, answer, paid: payments, byHand, recalled, isSecond, passes }) => {
            const { store, folder, file, rows, importAnswer, reconcile } = await exported();
            const answered = payments.map(({ row, minor, isNamed }, n) => ({
              reference: (rows[row] as Row).reference,
              amount: written(minor),
              ...(isNamed && { paymentReference: `R-${n}` }),
            }));
            const path = join(folder, 'a1.csv');
            writeRows(path, answered);
            await importAnswer('a1', path);
            if (isSecond) await importAnswer('a2', path);
            for (const [n, { row, minor }] of byHand.entries()) {
              const [patronId = '', transferId = ''] = (rows[row] as Row).reference.split('@');
              const command = ask('SettleTransfer', `hand ${n}`, { transferId, amount: written(minor) });
              await execute(store, expecting, { institution, patronId }, command);
            }
            for (const [n, row] of recalled.entries()) {
              const [patronId = '', transferId = ''] = (rows[row] as Row).reference.split('@');
              const command = ask('RecallTransfer', `back ${n}`, { transferId });
              await execute(store, expecting, { institution, patronId }, command);
            }
            writeRows(file, changed(rows, ofFile));
            writeRows(path, changed(answered, answer));
            const report = await reconcile(['a1']);
            const sum = (codes: RegExp, field: 'inFile' | 'inAnswer' | 'inEvents') =>
              report.findings.first
                .filter(({ code }) => codes.test(code))
                .reduce((total, difference) => total + minorOf(difference[field]), 0);
            const fileCodes = /FILE/;
            expect(minorOf(report.file.amount) - minorOf(report.transferred.amount)).toBe(
              sum(fileCodes, 'inFile') - sum(fileCodes, 'inEvents'),
            );
            const answerCodes = /^(ROW_|BOOKING_)/;
            expect(minorOf(report.answers.amount) - minorOf(report.booked.amount)).toBe(
              sum(answerCodes, 'inAnswer') - sum(answerCodes, 'inEvents'),
            );
            expect(sum(/^BOOKED_OTHERWISE/, 'inEvents')).toBe(minorOf(report.otherwise.amount));
            expect(sum(/^RECALLED/, 'inEvents')).toBe(minorOf(report.recalled.amount));
            const { settled, surplus, pending, transferred } = report;
            expect(minorOf(settled) + minorOf(report.recalled.amount) + minorOf(pending)).toBe(
              minorOf(transferred.amount),
            );
            // All bookings belong to this batch.
            expect(minorOf(settled) + minorOf(surplus)).toBe(
              minorOf(report.booked.amount) + minorOf(report.otherwise.amount),
            );
            const again = await reconcile(['a1'], { passes });
            expect({ ...again, findings: 0 }).toEqual({ ...report, findings: 0 });
            const inOrder = (list: readonly object[]) => list.map((one) => JSON.stringify(one)).sort();
            expect(inOrder(again.findings.first)).toEqual(inOrder(report.findings.first));
          },
        ),
        seeded('reconciliation'),
      );
    },
    LAW_TIMEOUT_MS,
  );
});

const rules = { jobId: 'job', answers: new Set(['a1', 'a2']), digits: 2 };
const byRow = (jobId: string, row: number) => ({
  metadata: { correlationId: jobId, causationId: `${jobId}/${row}` },
});

function eventsOf(commands: readonly Command[]): readonly AccountEvent[] {
  let account = emptyAccount();
  return commands.flatMap((command) => {
    const decision = decide(command, account, expecting);
    if (!decision.accepted) throw new Error(JSON.stringify(decision.rejection));
    account = fold(decision.events, account);
    return [...decision.events];
  });
}

const row = (
  number: number,
  transferId: string,
  minor: number,
  paymentReference: string | null = null,
): ReadRow => ({
  row: number,
  reference: `u1@${transferId}`,
  transferId,
  minor: BigInt(minor),
  paymentReference,
});

/** Two fees and a credit, handed over by the job `job`. */
const placed = [
  assess('f1', '30.00'),
  assess('f2', '9.00'),
  ask('IssueCredit', 'c1', { amount: '8.00', cause: 'imported' }),
  ask('TransferFees', 'job', { eligible: { fees: {}, credits: {} } }),
];
const whole = [row(1, 'job', 3_000), row(2, 'job#1', 900), row(3, 'job#2', -800)];

function reconciled(
  commands: readonly Command[],
  file: ReadRow[] = whole,
  answers: [string, ReadRow[]][] = [],
) {
  const events = eventsOf([...placed, ...commands]);
  const { differences, ...sums } = reconcileAccount(
    'u1',
    fold(events),
    events,
    { file, answers: new Map(answers) },
    rules,
  );
  return {
    ...sums,
    found: differences.map(({ code, reference, inFile, inAnswer, inEvents }) =>
      [code, reference, inFile ?? '-', inAnswer ?? '-', inEvents ?? '-'].join(' '),
    ),
    differences,
  };
}

describe('the file of an account', () => {
  it('agrees with its transfers, credits as negative', () => {
    expect(reconciled([])).toMatchObject({
      transferred: { count: 3, minor: 3_100n },
      pending: 3_100n,
      found: [],
    });
  });

  it('differs row by row', () => {
    const file = [row(1, 'job', 3_001), row(2, 'job#1', 900), row(3, 'job#1', 900), row(4, 'job#9', 100)];
    expect(reconciled([], file).found).toEqual([
      'FILE_AMOUNT_DIFFERS u1@job 30.01 - 30.00',
      'FILE_ROW_REPEATED u1@job#1 9.00 - -',
      'FILE_ROW_WITHOUT_EVENT u1@job#9 1.00 - -',
      'EVENT_WITHOUT_FILE_ROW u1@job#2 - - -8.00',
    ]);
  });
});

describe('the answers of an account', () => {
  const settle = (id: string, transferId: string, amount: string, more: object = {}) =>
    ask('SettleTransfer', id, { transferId, amount, ...more });

  it('agree with what their rows booked, including surplus, credits and bounced payments', () => {
    const commands = [
      settle('s1', 'job', '31.45', byRow('a1', 1)),
      settle('s2', 'job#2', '8.00', byRow('a1', 2)),
      ask('ReverseSettlement', 'u1', { settlementId: 's1', ...byRow('a2', 1) }),
    ];
    const answers: [string, ReadRow[]][] = [
      ['a1', [row(1, 'job', 3_145), row(2, 'job#2', -800)]],
      ['a2', [row(1, 'job', -3_145)]],
    ];
    expect(reconciled(commands, whole, answers)).toMatchObject({
      booked: { count: 3, minor: -800n },
      otherwise: { count: 0 },
      pending: 3_900n,
      found: [],
    });
  });

  it('differ if a row names one transfer and was booked on another', () => {
    const commands = [settle('s1', 'job', '5.00', byRow('a1', 1))];
    const { found, booked } = reconciled(commands, whole, [['a1', [row(1, 'job#1', 500)]]]);
    expect(found).toEqual(['ROW_NOT_BOOKED u1@job#1 - 5.00 -', 'BOOKING_WITHOUT_ROW u1@job - - 5.00']);
    expect(booked.minor).toBe(500n);
  });

  it('have each difference named', () => {
    const commands = [
      settle('s1', 'job', '10.00', byRow('a1', 1)),
      settle('s2', 'job', '5.00', { externalReference: 'R-2', ...byRow('elsewhere', 7) }),
      settle('s3', 'job#1', '1.00', byRow('a1', 4)),
      settle('s4', 'job#1', '2.00'),
    ];
    const answer = [row(1, 'job', 1_100), row(2, 'job', 500, 'R-2'), row(3, 'job#1', 300)];
    const { found, differences, booked, otherwise } = reconciled(commands, whole, [['a1', answer]]);
    expect(found).toEqual([
      'ROW_AMOUNT_DIFFERS u1@job - 11.00 10.00',
      'ROW_BOOKED_ELSEWHERE u1@job - 5.00 -',
      'ROW_NOT_BOOKED u1@job#1 - 3.00 -',
      'BOOKED_OTHERWISE u1@job - - 5.00',
      'BOOKING_WITHOUT_ROW u1@job#1 - - 1.00',
      'BOOKED_OTHERWISE u1@job#1 - - 2.00',
    ]);
    expect(differences.map(({ bookedBy }) => bookedBy)).toEqual([
      null,
      'elsewhere/7',
      null,
      'elsewhere/7',
      'a1/4',
      's4',
    ]);
    expect([booked.minor, otherwise.minor]).toEqual([1_100n, 700n]);
  });
});

it('reads rows with signed amounts, and names what cannot be read', async () => {
  const file = join(temporaryFolder(), 'answer.csv');
  const lines = [
    'reference,amount,paymentReference',
    'u1@t1,5,R-1',
    'u1@t2,-3.5,',
    'u1,1.00,',
    'u1@t1,0,',
    'u1@t1,"1',
  ];
  writeFileSync(file, lines.join('\r\n'));
  const read = [];
  for await (const row of readRows({ answer: 'a1', source: { file, format: 'csv' } }, 'USD', 2))
    read.push(row);
  expect(read).toEqual([
    { row: 1, reference: 'u1@t1', patronId: 'u1', transferId: 't1', minor: 500n, paymentReference: 'R-1' },
    { row: 2, reference: 'u1@t2', patronId: 'u1', transferId: 't2', minor: -350n, paymentReference: null },
    expect.objectContaining({ code: 'ROW_UNREADABLE', answer: 'a1', row: 3, reference: 'u1' }),
    expect.objectContaining({ code: 'ROW_UNREADABLE', row: 4, reference: 'u1@t1' }),
    expect.objectContaining({ code: 'FILE_BROKEN', answer: 'a1' }),
  ]);
});

it('keeps the rows of a patron by file and answer', () => {
  const rows = new Map<string, PatronRows>();
  const row = { row: 1, reference: 'u1@t', transferId: 't', minor: 5n, paymentReference: null };
  for (const answer of [null, 'a1', 'a1', 'a2']) keepRow(rows, 'u1', answer, row);
  expect(rows.get('u1')).toEqual({
    file: [row],
    answers: new Map([
      ['a1', [row, row]],
      ['a2', [row]],
    ]),
  });
});
