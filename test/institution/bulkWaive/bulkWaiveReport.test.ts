import { parse } from 'csv-parse/sync';
import { describe, expect, it } from 'vitest';
import { bulkWaiveCsv, bulkWaiveJsonLines, bulkWaiveOfAccount } from '../../../src/institution/index.js';
import { accountAfter, assess, assessLost, policy } from '../../support/account.js';
import { formWith, patron } from '../../support/bulkWaiveForms.js';

const account = accountAfter([
  assess('=1+1', '10'),
  assess('f,"2', '50', { feeType: 'TAX' }),
  assessLost('f3', '7'),
]);
const form = formWith();
const waived = bulkWaiveOfAccount(account, patron('@ada', { group: 'A\nB' }), form, policy).entry;
const above = bulkWaiveOfAccount(account, patron('p2'), { ...form, threshold: '5' }, policy).entry;
const result = { ...above, planned: { waived: '67.00', because: null }, differs: true };

async function textOf(lines: AsyncIterable<string>): Promise<string> {
  let text = '';
  for await (const line of lines) text += line;
  return text;
}

describe('the report of a bulk waive', () => {
  it('as JSON lines has one entry per line', async () => {
    const text = await textOf(bulkWaiveJsonLines([waived, result]));
    expect(text.endsWith('\n')).toBe(true);
    expect(
      text
        .trim()
        .split('\n')
        .map((line) => JSON.parse(line)),
    ).toEqual([waived, result]);
  });

  it('as CSV has a line per fee, and one per patron without waivers', async () => {
    const rows: Record<string, string>[] = parse(await textOf(bulkWaiveCsv([waived, result])), {
      columns: true,
    });
    expect(rows).toHaveLength(4);
    expect(
      rows.map(({ patronId, feeId, feeOwed, waived: sum, asCredit, because }) => [
        patronId,
        feeId,
        feeOwed,
        sum,
        asCredit,
        because,
      ]),
    ).toEqual([
      ["'@ada", "'=1+1", '10.00', '10.00', 'false', ''],
      ["'@ada", 'f,"2', '50.00', '0.00', 'false', 'FeeTypeNotWaiveable'],
      ["'@ada", 'f3', '7.00', '7.00', 'true', ''],
      ['p2', '', '', '0.00', '', 'OwedAboveThreshold'],
    ]);
    expect(rows[0]).toMatchObject({
      group: 'A\nB',
      owed: '67.00',
      differs: '',
      plannedWaived: '',
      earlier: 'false',
    });
    expect(rows[3]).toMatchObject({ plannedWaived: '67.00', plannedBecause: '', differs: 'true' });
    expect(JSON.parse(rows[3]?.details as string)).toEqual({ owed: '67.00', threshold: '5.00' });
  });

  it('as CSV can have ids unescaped, and has no comment', async () => {
    const text = await textOf(bulkWaiveCsv([waived], { identifiers: 'asIs' }));
    const rows: Record<string, string>[] = parse(text, { columns: true });
    expect(rows.map(({ patronId, feeId }) => [patronId, feeId])[0]).toEqual(['@ada', '=1+1']);
    const unknown = bulkWaiveCsv([], { identifiers: 'raw' } as never).next();
    await expect(unknown).rejects.toMatchObject({ code: 'INVALID_ARGUMENT' });
  });

  it('without entries has only the column names, or nothing', async () => {
    expect((await textOf(bulkWaiveCsv([]))).split('\r\n')).toHaveLength(2);
    expect(await textOf(bulkWaiveJsonLines([]))).toBe('');
  });
});
