import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import type { PatronRows } from '../../src/bursar/reconcileAccount.js';
import { keepRow, readRows } from '../../src/bursar/reconcileRows.js';
import { temporaryFolder } from './bursarLibrary.js';

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
