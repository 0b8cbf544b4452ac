import { describe, expect, it } from 'vitest';
import { checkedReadOptions } from '../../../src/interop/import/importEvents.js';
import { newIntake } from '../../../src/interop/import/importReport.js';
import { circumstancesOf, lineId, readLines, readOffsets } from '../../../src/interop/koha/kohaRows.js';
import { line, offset, policy } from './kohaTables.js';

const options = checkedReadOptions({ policy });

describe('rows of accountlines', () => {
  it('are debits above 0 and credits below', () => {
    const intake = newIntake();
    const { findings } = intake;
    const rows = [line(1, 'LOST', '25', '5'), line(2, 'PAYMENT', '-20', '0')];
    expect(readLines(rows, '51', options, intake)).toMatchObject([
      { id: lineId('1'), isDebit: true, type: 'LOST', amount: 2_500, outstanding: 500 },
      { id: 'koha/2', isDebit: false, type: 'PAYMENT', amount: 2_000, outstanding: 0 },
    ]);
    expect(findings).toEqual([]);
  });

  it.each([
    [{ debit_type_code: null }, 'UnknownType'],
    [{ credit_type_code: 'PAYMENT' }, 'UnknownType'],
    [{ amount: '-5' }, 'AmountHasWrongSign'],
    [{ amount: null }, 'MalformedField'],
    [{ amountoutstanding: 'x' }, 'MalformedField'],
    [{ date: null, timestamp: null }, 'MalformedField'],
  ])('with %j are findings', (fields, code) => {
    const intake = newIntake();
    const { findings } = intake;
    const row = line(1, 'LOST', '25', '5', fields);
    expect(readLines([row], '51', options, intake)).toEqual([]);
    expect(findings.map((finding) => finding.code)).toEqual([code]);
  });

  it('say who made them', () => {
    const row = line(1, 'LOST', '25', '5', { manager_id: 3, description: 'd', note: 'n' });
    const [read] = readLines([row], '51', options, newIntake());
    expect(read && circumstancesOf(read)).toMatchObject({
      userId: '3',
      library: 'CPL',
      comment: 'd',
      staffNote: 'n',
    });
  });
});

describe('rows of account_offsets', () => {
  it.each([
    ['CREATE', null, 1, 'create'],
    ['APPLY', 2, 1, 'apply'],
    ['VOID', 2, 1, 'void'],
    ['OVERDUE_INCREASE', null, 1, 'increase'],
    ['fine_decrease', null, 1, 'decrease'],
    ['Void Payment', 2, 1, 'void'],
    ['Payment', 2, 1, 'apply'],
    ['Manual Debit', null, 1, 'create'],
  ])('of type %s', (type, credit, debit, kind) => {
    const [read] = readOffsets([offset(1, type, credit, debit, '-4')], '51', options, newIntake());
    expect(read).toMatchObject({ id: 'koha/offset/1', kind, amount: 400 });
  });

  it('are sorted by their ids; a row whose line is missing is a finding', () => {
    const intake = newIntake();
    const { findings } = intake;
    const rows = [
      offset(10, 'APPLY', 2, 1, '-4'),
      offset(9, 'APPLY', 2, 1, '-4'),
      offset(3, 'APPLY', null, null, '1'),
    ];
    const read = readOffsets(rows, '51', options, intake);
    expect(read.map(({ id, place }) => [id, place])).toEqual([
      ['koha/offset/9', 0],
      ['koha/offset/10', 1],
    ]);
    expect(findings.map(({ code }) => code)).toEqual(['UnknownRow']);
  });
});
