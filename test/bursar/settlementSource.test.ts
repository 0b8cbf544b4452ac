import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import type { SettlementSource } from '../../src/bursar/index.js';
import { readingsOf, settlementSourceField } from '../../src/bursar/settlementSource.js';
import { checkedArgument } from '../../src/input/checkedArgument.js';
import { temporaryFolder } from './bursarLibrary.js';

const checkedSource = (source: unknown) => checkedArgument(settlementSourceField, source, 'form.source');

async function all(source: SettlementSource) {
  const rows: unknown[] = [];
  for await (const reading of readingsOf(checkedSource(source))) rows.push(reading);
  return rows;
}

describe('the answer of an external system', () => {
  const rows = [{ reference: 'a@t', amount: '1' }];

  it('may be rows from any iterable', async () => {
    async function* streamed() {
      yield* rows;
    }
    for (const source of [{ rows }, { rows: new Set(rows) }, { rows: streamed() }]) {
      expect(await all(source)).toEqual([{ line: null, row: rows[0] }]);
    }
  });

  it('may be a file in one of two formats', async () => {
    const file = join(temporaryFolder(), 'answer');
    writeFileSync(file, 'reference|amount\na@t|1\n');
    expect(await all({ file, format: 'csv', delimiter: '|' })).toEqual([{ line: 2, row: rows[0] }]);
    writeFileSync(file, '<xml-fragment><userFineFee/></xml-fragment>');
    expect(await all({ file, format: 'alma-xml' })).toEqual([{ line: 1, row: {} }]);
  });

  it.each([
    null,
    'answer.csv',
    {},
    { rows: 'a@t' },
    { rows: {} },
    { file: 'a' },
    { file: '', format: 'csv' },
    { file: 'a', format: 'xlsx' },
    { file: 'a', format: 'csv', delimiter: ', ' },
    { file: 'a', format: 'csv', columns: { amount: '' } },
    { file: 'a', format: 'alma-xml', delimiter: ',' },
    { rows: [], file: 'a', format: 'csv' },
  ])('cannot be %j', (source) => {
    expect(() => checkedSource(source as never)).toThrow(
      expect.objectContaining({ code: 'INVALID_ARGUMENT', message: expect.stringContaining('source') }),
    );
  });
});
