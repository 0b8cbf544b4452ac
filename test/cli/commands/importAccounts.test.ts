import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { billable_xact, billing, payment } from '../../interop/evergreen/evergreenSamples.js';
import { fileOf, runInMemory } from '../../support/commandLine.js';
import { temporaryFolder } from '../../support/temporaryFolder.js';

const lines = (rows: readonly object[]) => rows.map((row) => JSON.stringify(row));
const fee = { feeType: 'OTHER', owner: 'MAIN', at: '2026-03-02' };
const rows = [
  { ...fee, patronId: 'u17', id: 'F-1', amount: '12.50', comment: 'Emma is secret' },
  { ...fee, patronId: 'u18', id: 'F-2', amount: '3.00', remaining: '1.00' },
];
const institution = ['--institution', 'north'];

it('only plans opening balances by default, records them when asked, and records nothing twice', async () => {
  const command = ['import', 'balances', fileOf(lines(rows)), ...institution, '--json'];
  const trial = await runInMemory(command);
  expect(trial.exitCode).toBe(0);
  expect(JSON.parse(trial.output).totals).toEqual({
    currency: 'USD',
    accounts: 2,
    withoutEvents: 0,
    events: 3,
    fees: 2,
    charged: '15.50',
    owed: '13.50',
    owedByRows: '13.50',
    difference: '0.00',
    credits: { credits: 0, unused: '0.00', unusedByRows: '0.00', difference: '0.00' },
    findings: 0,
    recorded: false,
  });
  const into = `sqlite:${join(temporaryFolder(), 'fees.db')}`;
  const office = `sqlite:${join(temporaryFolder(), 'office.db')}`;
  const recording = [...command, '--into', into, '--office', office];
  const alone = await runInMemory([...command, '--into', into]);
  expect([alone.exitCode, alone.errors]).toEqual([
    2,
    expect.stringContaining('--office STORE is where the file'),
  ]);
  const first = await runInMemory(recording);
  expect(JSON.parse(first.output).totals).toMatchObject({ events: 3, recorded: true });
  const second = await runInMemory(recording);
  expect(JSON.parse(second.output).totals).toMatchObject({ events: 0, owed: '13.50' });
  for (const other of [
    ['--system', 'symphony'],
    ['--job', 'x'],
  ]) {
    for (const given of [
      [...recording, ...other],
      [...command, '--office', office, ...other],
    ]) {
      const refused = await runInMemory(given);
      const [finding = ''] = refused.output.split('\n');
      expect([refused.exitCode, JSON.parse(finding)]).toEqual([
        1,
        {
          code: 'FILE_ALREADY_IMPORTED',
          patronId: null,
          message: expect.stringMatching(/^the job import imported this file before, at .*; --again imports/),
        },
      ]);
      expect(totalsOf(refused.output)).toMatchObject({ events: 0, accounts: 0 });
    }
  }
  expect((await runInMemory(['replay', into, '--patron', 'u18'])).output).toContain('active 1.00');
  const again = await runInMemory([...recording, '--job', 'x', '--again']);
  expect([again.exitCode, totalsOf(again.output).events]).toEqual([0, 0]);
});

it('records a file from standard input, too, and not in the store of the accounts', async () => {
  const [into, office] = ['fees.db', 'office.db'].map((name) => `sqlite:${join(temporaryFolder(), name)}`);
  const command = ['import', 'balances', '-', ...institution, '--json', '--into', into as string];
  const input = lines(rows).join('\n');
  const run = (...more: readonly string[]) => runInMemory([...command, ...more], { input });
  expect((await run('--office', into as string)).errors).toContain('name one store');
  expect(totalsOf((await run('--office', office as string)).output)).toMatchObject({ events: 3 });
  const twice = await run('--office', office as string, '--system', 'symphony');
  expect(totalsOf(twice.output)).toMatchObject({ events: 0, findings: 1 });
  expect((await runInMemory(['import', 'koha', 'x', ...institution, '--again'])).errors).toContain(
    '--again is only for balances',
  );
});

it('does not import rows of a patron that come after another patron, with --into or without', async () => {
  const apart = fileOf(
    [
      'patronId,id,amount,feeType,owner,at',
      'u17,F-1,10.00,OTHER,MAIN,2026-03-02',
      'u18,F-9,1.00,OTHER,MAIN,2026-03-02',
      'u17,F-1,4.00,OTHER,MAIN,2026-03-03',
    ],
    'apart.csv',
  );
  const command = ['import', 'balances', apart, ...institution, '--json'];
  const into = `sqlite:${join(temporaryFolder(), 'fees.db')}`;
  const figures = { accounts: 2, charged: '11.00', owed: '11.00', owedByRows: '15.00', difference: '-4.00' };
  for (const given of [
    command,
    [...command, '--into', into, '--office', `sqlite:${join(temporaryFolder(), 'office.db')}`],
  ]) {
    const { exitCode, output } = await runInMemory(given);
    expect(exitCode).toBe(1);
    expect(JSON.parse(output.split('\n')[0] ?? '')).toMatchObject({ code: 'NotSorted', patronId: 'u17' });
    expect(totalsOf(output)).toMatchObject({ ...figures, findings: 1 });
  }
  const { output } = await runInMemory(['replay', into]);
  expect(output).toContain('north/u17, version 1, USD: active 10.00');
});

it('keeps two systems with the same ids apart by their names', async () => {
  const into = `sqlite:${join(temporaryFolder(), 'fees.db')}`;
  const [first, second] = ['10.00', '4.00'].map((amount) => [
    ...['import', 'balances', fileOf(lines([{ ...fee, patronId: 'u17', id: 'F-1', amount }]))],
    ...[...institution, '--into', into, '--office', `sqlite:${join(temporaryFolder(), 'office.db')}`],
  ]);
  await runInMemory(first as string[]);
  const { exitCode } = await runInMemory([...(second as string[]), '--system', 'symphony']);
  expect(exitCode).toBe(0);
  expect((await runInMemory(['replay', into])).output).toContain('active 14.00');
  const other = await runInMemory(['import', 'folio', 'x', ...institution, '--system', 'symphony']);
  expect([other.exitCode, other.errors]).toEqual([
    2,
    expect.stringContaining('--system is only for balances'),
  ]);
});

it('prints the credits', async () => {
  const credit = { patronId: 'u17', kind: 'credit', at: '2026-03-02' };
  const credits = [
    { ...credit, id: 'C-1', amount: '40.00', remaining: '30.00' },
    { ...credit, id: 'C-2', amount: '-2.00' },
  ];
  const { output } = await runInMemory(['import', 'balances', fileOf(lines(credits)), ...institution]);
  expect(output).toMatch(/unused +30.00\nunusedByRows +28.00\ndifferenceOfCredits +2.00\n/);
});

it('names what cannot be imported, and shows no text of a patron', async () => {
  const broken = fileOf([...lines(rows), '{"patronId":"u19","id":"F-3","amount":"x","comment":"Emma"}', '{']);
  const { exitCode, output } = await runInMemory(['import', 'balances', broken, ...institution]);
  expect(exitCode).toBe(1);
  expect(output).toContain(
    `${broken}:3: u19: rows F-3: amount: expected an amount of at most 12 digits, found a`,
  );
  expect(output).toContain(`${broken}:4: expected a JSON object, found `);
  expect(output).toContain('nothing was recorded: --into STORE records');
  expect(output).not.toContain('Emma');
});

it('names file, line and column of what it cannot read, in JSON too', async () => {
  const header = 'patronId,id,amount,feeType,owner,at,title';
  const row = (patron: string, at: string) => `${patron},F-1,1.00,OTHER,MAIN,${at},"Emma\nand more"`;
  const file = fileOf([header, row('u17', '2026-03-02'), 'u17', row('u18', '2026-02-30')], 'fees.csv');
  const { output } = await runInMemory(['import', 'balances', file, ...institution, '--json']);
  const found = output.split('\n', 2).map((line) => JSON.parse(line));
  expect(found).toMatchObject([
    { code: 'UnreadableRow', file, line: 4, message: 'expected 7 cells, as in the header, found 1' },
    { code: 'MalformedField', patronId: 'u18', file, line: 6, column: 'at' },
  ]);
  expect(output).not.toContain('Emma');
  const rest = fileOf(['{"patronId":"u1","comment":Emma}'], 'fees.jsonl');
  const piece = (await runInMemory(['import', 'balances', rest, ...institution])).output;
  expect(piece).toContain(`${rest}:1: expected a JSON object, found `);
  expect(piece).not.toContain('Emma');
});

it('reads the tables of Koha with the names of its codes', async () => {
  const accountlines = fileOf(
    [
      'accountlines_id,issue_id,borrowernumber,date,amount,credit_type_code,debit_type_code,status,amountoutstanding,branchcode',
      '70,900,51,2026-03-02 00:05:00,1.500000,,OVERDUE,,1.500000,CPL',
    ],
    'accountlines.csv',
  );
  const map = fileOf(['{"feeTypes":{"OVERDUE":"OVERDUEFINE"},"owners":{"CPL":"Centerville"}}'], 'map.json');
  const options = ['--map', map, '--time-zone', 'America/New_York', '--json', ...institution];
  const { output } = await runInMemory(['import', 'koha', accountlines, ...options]);
  expect(JSON.parse(output.trim().split('\n').at(-1) ?? '').totals).toMatchObject({ fees: 1, owed: '1.50' });
});

const totalsOf = (output: string) => JSON.parse(output.trim().split('\n').at(-1) ?? '').totals;

it('imports the records of FOLIO into a store', async () => {
  const accounts = fileOf([
    '{"id":"a1","userId":"u1","amount":12.0,"remaining":5.5,"status":{"name":"Open"},"feeFineType":"Overdue fine","feeFineOwner":"Main","title":"Emma","metadata":{"createdDate":"2026-03-02T09:00:00.000+00:00"}}',
    '{"id":"a2","userId":"u2","amount":10,"remaining":4,"feeFineType":"Overdue fine","feeFineOwner":"Main","metadata":{"createdDate":"2026-03-02T09:00:00.000+00:00"}}',
  ]);
  const lines = fileOf([
    '{"id":"x1","accountId":"a1","userId":"u1","dateAction":"2026-03-02T09:00:00.000+00:00","typeAction":"Overdue fine","amountAction":12.0,"balance":12.0,"source":"SYSTEM"}',
    '{"id":"x2","accountId":"a1","userId":"u1","dateAction":"2026-03-04T10:30:00.000+00:00","typeAction":"Paid partially","amountAction":6.5,"balance":5.5,"paymentMethod":"Cash","source":"Doe, Jane"}',
  ]);
  const names = '{"feeTypes":{"Overdue fine":"OVERDUEFINE"},"methods":{"Cash":"CASH"}}';
  const options = ['--map', fileOf([names], 'map.json'), '--json', ...institution];
  const totals = {
    ...{ accounts: 2, fees: 2, charged: '22.00', owed: '9.50', owedByRows: '9.50', difference: '0.00' },
    findings: 1,
  };
  const trial = await runInMemory(['import', 'folio', accounts, lines, ...options]);
  // The lines of the second account do not lead to what remains.
  expect(trial.exitCode).toBe(1);
  expect(trial.output).toContain('remaining: expected 10.00');
  expect(trial.output).not.toContain('Emma');
  expect(totalsOf(trial.output)).toMatchObject({ ...totals, recorded: false });
  const into = `sqlite:${join(temporaryFolder(), 'fees.db')}`;
  const recorded = await runInMemory(['import', 'folio', accounts, lines, ...options, '--into', into]);
  expect(totalsOf(recorded.output)).toMatchObject({ ...totals, recorded: true });
  const paid = (await runInMemory(['replay', into, '--patron', 'u1'])).output;
  expect(paid).toContain('north/u1, version 2, USD: active 5.50');
  // Without its lines, a fee still owes what remains.
  const alone = await runInMemory(['import', 'folio', accounts, ...options]);
  expect(totalsOf(alone.output)).toMatchObject({ owed: '9.50', difference: '0.00' });
});

it('reads the tables of Evergreen, the credits of users only if they are given', async () => {
  const transactions = fileOf(
    [
      'id,usr,xact_start,xact_finish,owner,note,stop_fines,stop_fines_time,due_date,target_copy,barcode',
      '7,79,2026-02-20 10:00:00-05,,BR1,,CHECKIN,2026-03-05 12:00:00-05,2026-03-01 23:59:59-05,12,CONC12',
    ],
    'billable_xact.csv',
  );
  const billings = fileOf(
    [
      'id,xact,billing_ts,voided,voider,void_time,amount,billing_type,btype,note,usr',
      '31,7,2026-03-02 23:59:59-05,f,,,0.10,Overdue materials,1,,79',
      '32,7,2026-03-03 23:59:59-05,f,,,0.10,Overdue materials,1,,79',
      '33,7,2026-03-04 23:59:59-05,f,,,0.10,Overdue materials,1,,79',
    ],
    'billing.csv',
  );
  const payments = fileOf(
    [
      'id,xact,payment_ts,voided,amount,note,payment_type,accepting_usr,cash_drawer,check_number,billing,usr',
      '5,7,2026-03-05 12:00:00-05,f,0.20,,cash_payment,1,51,,,79',
    ],
    'payment.csv',
  );
  const users = fileOf(
    ['id,usr,credit_forward_balance,create_date', '79,79,1.50,2020-01-01 00:00:00-05'],
    'usr.csv',
  );
  const tables = [transactions, billings, payments];
  const map = fileOf(
    ['{"feeTypes":{"Overdue materials":"OVERDUEFINE"},"owners":{"BR1":"Branch 1"}}'],
    'm.json',
  );
  const options = ['--map', map, '--json', ...institution];
  const totals = { accounts: 1, fees: 1, charged: '0.30', owed: '0.10', difference: '0.00', findings: 0 };
  const trial = await runInMemory(['import', 'evergreen', ...tables, ...options]);
  expect(trial.exitCode).toBe(0);
  expect(totalsOf(trial.output)).toMatchObject({ ...totals, recorded: false });
  const into = `sqlite:${join(temporaryFolder(), 'fees.db')}`;
  const recorded = await runInMemory(['import', 'evergreen', ...tables, users, ...options, '--into', into]);
  expect(totalsOf(recorded.output)).toMatchObject({ ...totals, recorded: true });
  const { output } = await runInMemory(['replay', into, '--json']);
  expect(JSON.parse(output).rows).toMatchObject([
    { type: 'OVERDUEFINE', original: '0.30', remaining: '0.10' },
    { type: 'CREDIT', original: '-1.50', remaining: '-1.50' },
  ]);
  expect((await runInMemory(['verify', into])).exitCode).toBe(0);
});

it('names the files that a system needs', async () => {
  const { exitCode, errors } = await runInMemory(['import', 'evergreen', ...institution]);
  expect(exitCode).toBe(2);
  expect(errors).toContain('expected the files: billable_xact billing payment [usr]');
  expect((await runInMemory(['import', 'sierra', 'x', ...institution])).errors).toContain(
    'expected one of koha',
  );
  const missing = await runInMemory(['import', 'balances', '/nowhere.csv', ...institution]);
  expect(missing.errors).toContain('/nowhere.csv: there is no such file');
});

it('names the format of a file that it cannot read', async () => {
  const rowsOfKoha = fileOf(['accountlines_id,amount', '70,1.50'], 'accountlines.csv');
  const alma = await runInMemory(['import', 'alma', rowsOfKoha, ...institution]);
  expect([alma.exitCode, alma.errors]).toEqual([2, expect.stringContaining('expected a response to GET')]);
  const list = fileOf(['[]'], 'map.json');
  const mapped = await runInMemory([
    'import',
    'balances',
    fileOf(lines(rows)),
    ...institution,
    '--map',
    list,
  ]);
  expect([mapped.exitCode, mapped.errors]).toEqual([2, expect.stringContaining('expected an object with')]);
});

const csv = (given: readonly { readonly usr: number }[], name: string) => {
  const rows = [...given].sort((a, b) => a.usr - b.usr);
  const columns = [...new Set(rows.flatMap((row) => Object.keys(row)))];
  const cells = rows.map((row) =>
    columns.map((column) => (row as Record<string, unknown>)[column] ?? '').join(),
  );
  return fileOf([columns.join(), ...cells], name);
};

it('refuses an empty file, and a file without a column that decides amounts, for every table', async () => {
  const [xacts, billings, payments] = [
    csv(billable_xact, 'x.csv'),
    csv(billing, 'b.csv'),
    csv(payment, 'p.csv'),
  ];
  const empty = fileOf([''], 'empty.csv');
  const into = `sqlite:${join(temporaryFolder(), 'fees.db')}`;
  const evergreen = (...files: string[]) =>
    runInMemory(['import', 'evergreen', ...files, ...institution, '--json', '--into', into]);
  for (const [files, sentence] of [
    [
      [xacts, billings, empty],
      `${empty}: expected the columns id, xact, usr, amount, voided, payment_type, found no`,
    ],
    [[xacts, empty, payments], `${empty}: expected the columns id, xact, usr, amount, voided, found no line`],
    [[xacts, payments, billings], `${billings}: expected the column payment_type, found id, xact`],
    [
      [
        xacts,
        csv(
          billing.map(({ voided: _, ...row }) => row),
          'c.csv',
        ),
        payments,
      ],
      'expected the column voided, ',
    ],
  ] as const) {
    const { exitCode, output, errors } = await evergreen(...files);
    expect([exitCode, output]).toEqual([2, '']);
    expect(errors).toContain(sentence);
  }
  expect(totalsOf((await evergreen(xacts, billings, payments)).output)).toMatchObject({ owed: '492.80' });
  const header = csv(payment, 'p.csv');
  const none = fileOf([readFileSync(header, 'utf8').split('\n')[0] as string], 'none.csv');
  const lacking = await evergreen(xacts, billings, none);
  expect([lacking.exitCode, totalsOf(lacking.output)]).toMatchObject([1, { events: 0 }]);
  expect(lacking.output).toContain('"code":"ROWS_MISSING"');
  const withdrawn = await runInMemory([
    ...[
      'import',
      'evergreen',
      xacts,
      billings,
      none,
      ...institution,
      '--json',
      '--into',
      into,
      '--withdrawn',
    ],
  ]);
  expect(totalsOf(withdrawn.output)).toMatchObject({ difference: '0.00' });
});

it("refuses Koha's two files in the wrong order, by their headers", async () => {
  const accountlines = fileOf(
    [
      'accountlines_id,issue_id,borrowernumber,date,amount,credit_type_code,debit_type_code,status,amountoutstanding,branchcode',
      '70,900,51,2026-03-02 00:05:00,1.500000,,OVERDUE,,1.500000,CPL',
    ],
    'accountlines.csv',
  );
  const offsets = fileOf(['id,credit_id,debit_id,type,amount,created_on'], 'account_offsets.csv');
  const options = [...institution, '--time-zone', 'America/New_York', '--json'];
  const right = await runInMemory(['import', 'koha', accountlines, offsets, ...options]);
  expect(totalsOf(right.output)).toMatchObject({ fees: 1 });
  const applied = fileOf(
    ['id,credit_id,debit_id,type,amount,created_on', '1,60,70,APPLY,-0.500000,2026-03-02 01:00:00'],
    'account_offsets.csv',
  );
  const swapped = await runInMemory(['import', 'koha', applied, accountlines, ...options]);
  expect([swapped.exitCode, swapped.output]).toEqual([2, '']);
  expect(swapped.errors).toContain('account_offsets.csv: expected the columns accountlines_id, ');
  expect(swapped.errors).toContain('accountlines.csv: expected the columns id, credit_id, ');
});

it('refuses an option that the import does not read, by its name', async () => {
  const file = fileOf(lines(rows));
  for (const [system, ...option] of [
    ['alma', '--map', file],
    ['alma', '--time-zone', 'Mars/X'],
    ['alma', '--job', 'x'],
    ['alma', '--delimiter', ';'],
    ['alma', '--withdrawn'],
    ['koha', '--payment-method', 'CASH'],
    ['folio', '--system', 'x'],
  ] as const) {
    const { exitCode, errors } = await runInMemory(['import', system, file, ...institution, ...option]);
    expect([exitCode, errors]).toEqual([2, expect.stringContaining(`${option[0]} is only for `)]);
  }
  const { errors } = await runInMemory(['import', 'balances', file, ...institution, '--time-zone', 'Mars/X']);
  expect(errors).toContain('timeZone: expected ');
});

it('uses the option for the owner of fees without one, and counts accounts without events', async () => {
  const { owner: _, ...row } = rows[0] as (typeof rows)[number];
  const file = fileOf(lines([row, { ...row, patronId: 'u19', amount: 'x' }]));
  const command = ['import', 'balances', file, ...institution, '--owner', 'MAIN'];
  const { output } = await runInMemory(command);
  expect(output).toMatch(/accounts +2 \(1 without events\)\nevents +1\n/);
  expect(totalsOf((await runInMemory([...command, '--json'])).output)).toMatchObject({
    accounts: 2,
    withoutEvents: 1,
    owed: '12.50',
  });
});

it('reads a long line once, and tells UTF-16 without a mark', async () => {
  const long = fileOf([`{"patronId":"${'x'.repeat(15_000_000)}`], 'long.jsonl');
  const { output } = await runInMemory(['import', 'balances', long, ...institution]);
  expect(output).toContain('expected a line of at most 10000000 characters');
  for (const [mark, order] of [
    ['\ufeff', 'little'],
    ['', 'little'],
    ['', 'big'],
  ]) {
    const bytes = Buffer.from(`${mark}patronId,id,amount\n`, 'utf16le');
    const path = join(temporaryFolder(), 'fees.csv');
    writeFileSync(path, order === 'big' ? bytes.swap16() : bytes);
    const { exitCode, errors } = await runInMemory(['import', 'balances', path, ...institution]);
    expect([exitCode, errors]).toEqual([2, expect.stringContaining('is in UTF-16: expected UTF-8')]);
  }
});
