import { describe, expect, it } from 'vitest';
import { type BankCsvForm, bankRows } from '../../../src/jobs/bank/bankRows.js';
import { listOf } from '../../interop/import/importLaws.js';

const form: BankCsvForm = {
  columns: { bookedOn: 'day', amount: 'amount', references: ['text', 'payer'] },
  currency: 'USD',
};
const read = (text: string, more: Partial<BankCsvForm> = {}) =>
  listOf(bankRows([text], { ...form, ...more }));

describe("a bank's CSV file", () => {
  it('is read by the names of its columns', async () => {
    expect(
      await read('payer,text,day,amount\nNorth,slip 118,2026-03-04,62\n,,2026-03-05,-20.00\n'),
    ).toMatchObject([
      {
        bookedOn: '2026-03-04',
        amount: '62.00',
        currency: 'USD',
        account: null,
        references: ['slip 118', 'North'],
      },
      { bookedOn: '2026-03-05', amount: '-20.00', references: [], parts: [] },
    ]);
    const columns = { ...form.columns, references: [], entryId: 'id', currency: 'cur' };
    expect(await read('id,day,amount,cur\n9,2026-03-04,500,jpy\n', { columns, account: 'A1' })).toEqual([
      {
        entryId: '9',
        account: 'A1',
        bookedOn: '2026-03-04',
        amount: '500',
        currency: 'JPY',
        references: [],
        parts: [],
      },
    ]);
  });

  it('identifies a line by its content; equal lines of a day are numbered', async () => {
    const line = '2026-03-04,62,slip 118,\n';
    const ids = async (text: string) =>
      (await read(`day,amount,text,payer\n${text}`)).map((row) => ('entryId' in row ? row.entryId : ''));
    const [first, second] = await ids(line + line);
    expect(second).toBe(`${first}#2`);
    expect(await ids(`2026-03-03,1,,\n${line}`)).toContain(first);
    expect(await ids('2026-03-04,62,slip 119,\n')).not.toContain(first);
  });

  it('reports lines that it cannot read, and checks its form at the call', async () => {
    const rows = await read('day,amount,text,payer\n2026-03-04,,x,\n2026-03-04,"1,50",x,\n');
    expect(rows).toMatchObject([
      { unreadable: { expected: 'amount: an amount' } },
      { unreadable: { expected: 'amount: an amount with at most 2 decimals' } },
    ]);
    expect(() => bankRows(['x'], { ...form, currency: 'XXQ' })).toThrow('form.currency');
  });
});
