import { describe, expect, it } from 'vitest';
import { type Fee, fold, formatAmount } from '../../../src/index.js';
import { fineItemFormats, fineItemOf } from '../../../src/interop/sip2/fineItems.js';
import { policy } from './terminal.js';

const at = '2026-03-02T09:00:00Z';

function itemOf(feeType: string, more: object) {
  const data = { feeId: 'f1', feeType, amount: '2.50', currency: 'USD', owner: 'MAIN', at, ...more };
  const [fee] = fold([{ type: 'FeeAssessed', data }]).fees;
  return fineItemOf(fee as Fee, 'f1', policy, (minor) => formatAmount(minor, 2));
}

const maps = itemOf('OVERDUEFINE', { item: { title: 'Maps', barcode: 'b1' } });
const lost = itemOf('LOSTITEMREPLACEMENTFEE', { lostItem: true, item: { title: 'Birds' } });
const bare = itemOf('LOCKERKEY', {});

describe('fineItemOf', () => {
  it('returns the fee as a terminal shows it', () => {
    expect(maps).toEqual({
      feeId: 'f1',
      feeType: 'OVERDUEFINE',
      label: 'Overdue fine',
      owed: '2.50',
      title: 'Maps',
      barcode: 'b1',
      accruing: false,
      lostItem: false,
    });
    expect(bare).toMatchObject({ title: '', barcode: '', label: 'Locker key' });
  });
});

describe('fineItemFormats', () => {
  it.each([
    ['koha', ['Overdue fine: Maps 2.50', 'Lost item replacement fee: Birds 2.50', 'Locker key 2.50']],
    ['evergreen', ['2.50 Overdue fine Maps', '2.50 Lost item replacement fee Birds', '2.50 Locker key']],
    ['3m', ['f1 $2.50 "FINE" Maps', 'f1 $2.50 "LOST" Birds', 'f1 $2.50 "FEE" Locker key']],
    [
      'swyer',
      [
        'Charge-Number: f1, Amount-Due: 2.50, Fine-Type: FINE, Title: Maps',
        'Charge-Number: f1, Amount-Due: 2.50, Fine-Type: LOST, Title: Birds',
        'Charge-Number: f1, Amount-Due: 2.50, Fine-Type: FEE, Title: Locker key',
      ],
    ],
  ] as const)('write as %s does', (format, texts) => {
    expect([maps, lost, bare].map(fineItemFormats[format])).toEqual(texts);
  });
});
