import { describe, expect, it } from 'vitest';
import { definePolicy } from '../../../src/index.js';
import { checkedReadOptions } from '../../../src/interop/import/importEvents.js';
import { newIntake } from '../../../src/interop/import/importReport.js';
import { rowReader, rowsWithoutAccount, uniqueRows } from '../../../src/interop/import/rowReader.js';

const options = checkedReadOptions({ policy: definePolicy({ currency: 'USD' }) });

function reading(row: unknown) {
  const intake = newIntake();
  return { ...intake, reader: rowReader('t', row, 'id', 'u17', options, intake) };
}

describe('the reader of a row', () => {
  it('reads fields', () => {
    const { reader, findings } = reading({
      id: 7,
      a: 'x',
      n: 5,
      m: '1.50',
      t: '2026-03-02',
      yes: 't',
      no: 0,
      bad: '\u0000',
    });
    expect([reader.name('a'), reader.name('n'), reader.name('none'), reader.requiredName('a')]).toEqual([
      'x',
      '5',
      undefined,
      'x',
    ]);
    expect([reader.amount('m'), reader.amount('none'), reader.requiredAmount('n')]).toEqual([
      150,
      undefined,
      500,
    ]);
    expect([reader.time('t')?.at, reader.requiredTime('none', 't').ms]).toEqual([
      '2026-03-02T00:00:00.000Z',
      Date.UTC(2026, 2, 2),
    ]);
    expect([reader.flag('yes'), reader.flag('no'), reader.flag('none')]).toEqual([true, false, false]);
    expect([reader.text('bad'), reader.text('none'), reader.value('n')]).toEqual(['\uFFFD', undefined, 5]);
    expect([reader.isSound(), findings, reader.origin.rowId]).toEqual([true, [], '7']);
  });

  it('reports every fault, and is invalid then', () => {
    const { reader, findings } = reading({
      id: 7,
      a: 'x'.repeat(300),
      m: 'y',
      t: 'z',
      f: 'maybe',
      o: { toString: null },
      r: '1.005',
    });
    reader.amount('r');
    expect(reader.isSound()).toBe(true);
    reader.name('a');
    reader.amount('m');
    reader.time('t');
    reader.flag('f');
    reader.flag('o');
    expect(reader.isSound()).toBe(false);
    expect(findings.map(({ code, field }) => `${code} ${field}`)).toEqual([
      'AmountRounded r',
      'MalformedField a',
      'MalformedField m',
      'MalformedField t',
      'MalformedField f',
      'MalformedField o',
    ]);
  });

  it('cuts a text that is longer than a comment may be, and reports it', () => {
    const { reader, findings } = reading({ id: 1, long: `${'x'.repeat(9_999)}𝄞`, short: 'x'.repeat(10_000) });
    expect(reader.text('short')).toBe('x'.repeat(10_000));
    expect(reader.text('long')).toBe(`${'x'.repeat(9_999)}\uFFFD`);
    expect(reader.isSound()).toBe(true);
    expect(findings.map(({ code, field, found }) => [code, field, found])).toEqual([
      ['TextShortened', 'long', 'a text of 10001 characters'],
    ]);
  });

  it.each([
    [(row: ReturnType<typeof reading>['reader']) => row.requiredName('x'), 'a text'],
    [(row: ReturnType<typeof reading>['reader']) => row.requiredAmount('x'), 'an amount'],
    [
      (row: ReturnType<typeof reading>['reader']) => row.requiredTime('x'),
      'a date and time, as ISO 8601 or a database writes it',
    ],
  ])('reports what is missing', (read, expected) => {
    const { reader, findings } = reading({ id: 7 });
    read(reader);
    expect(findings).toMatchObject([{ code: 'MalformedField', field: 'x', expected, found: 'missing' }]);
  });

  it.each([
    [{ unreadable: { line: 3, expected: 'e', found: 'f' } }, 'UnreadableRow'],
    ['x', 'UnreadableRow'],
    [[], 'UnreadableRow'],
    [{ id: '' }, 'MalformedField'],
    [{ id: {} }, 'MalformedField'],
    [{ id: 'x'.repeat(150) }, 'IdNotUsable'],
  ])('refuses %j', (row, code) => {
    const { reader, findings } = reading(row);
    expect([reader.isSound(), findings[0]?.code]).toEqual([false, code]);
  });
});

describe('rows of a table', () => {
  it('with the same id are all used, but the same row once', () => {
    const intake = newIntake();
    const { findings } = intake;
    const rows = [{ id: 1, a: 'b' }, { id: 2 }, { id: 1, a: 'a' }, { id: 1, a: 'b' }];
    const unique = uniqueRows('t', rows, 'id', 'u17', options, intake);
    expect(unique.map(({ id, reader }) => [id, reader.text('a')])).toEqual([
      ['1', 'a'],
      ['1~2', 'b'],
      ['2', undefined],
    ]);
    expect(findings.map(({ code, found }) => [code, found])).toEqual([
      ['DuplicateRow', '1'],
      ['DuplicateRow', 'the same row again'],
    ]);
    const self: Record<string, unknown> = { id: 3 };
    self.self = self;
    expect(uniqueRows('t', [self], 'id', 'u17', options, intake)).toHaveLength(1);
  });

  it('are findings without a patron, or if they are not sorted', () => {
    const none = rowsWithoutAccount(
      'x',
      { patronId: null, rows: { t: [{ a: 1 }, 'x'] }, isUnsorted: false },
      { t: { amount: ['a'] } },
      options,
    );
    expect([none.rows, none.findings.map(({ code }) => code)]).toEqual([2, ['NoPatron', 'UnreadableRow']]);
    expect(none.refused).toEqual([{ owed: 100, credit: 0, feeType: '-', owner: '-' }]);
    const unsorted = rowsWithoutAccount(
      'x',
      { patronId: '7', rows: { t: [{ a: 1 }] }, isUnsorted: true },
      {},
      options,
    );
    expect(unsorted.findings).toMatchObject([{ code: 'NotSorted', patronId: '7' }]);
  });
});
