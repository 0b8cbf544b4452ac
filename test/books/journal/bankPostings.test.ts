import { describe, expect, it } from 'vitest';
import { bankPostings } from '../../../src/jobs/reports/index.js';
import type { BankCommand, BankItem } from '../../../src/office/index.js';
import {
  bankAfter,
  book,
  cash,
  confirm,
  depositFromSafe,
  end,
  part,
  reverse,
} from '../../office/bank/banks.js';

const posted = (...commands: readonly BankCommand[]) =>
  bankPostings('GIRO', bankAfter(...commands).events).map((postings) =>
    postings.map(({ account, amountMinor }) => `${account.join(':')} ${amountMinor}`),
  );
const cheque: BankItem = { kind: 'returned', patronId: 'p', reversalId: 'r', method: 'CHECK', amount: '-20' };
const wire: BankItem = { kind: 'remittance', remittanceId: 'r1', destination: 'BURSAR', amount: '400' };

describe('the postings of a bank account', () => {
  it('move money from the account in which it waits to the account of the bank', () => {
    const safe: BankItem = { kind: 'safeDeposit', depositId: 'd1', method: 'CASH', amount: '300' };
    expect(
      posted(
        depositFromSafe('d1', '300'),
        confirm('c1', '362', cash(), safe),
        confirm('c2', '-20', cheque),
        confirm('c3', '400', wire),
        confirm('c5', '11.6', { kind: 'payout', method: 'ONLINE', payoutId: 'po_1', amount: '11.6' }),
        confirm('c4', '-5', { kind: 'remittance', remittanceId: 'r2', amount: '-5' }),
      ),
    ).toEqual([
      ['deposited:CASH 30000', 'safe -30000'],
      ['bank:GIRO 36200', 'deposited:CASH -6200', 'deposited:CASH -30000'],
      ['bank:GIRO -2000', 'cash:CHECK 2000'],
      ['bank:GIRO 40000', 'remitted:BURSAR -40000'],
      ['bank:GIRO 1160', 'paidOut:ONLINE -1160'],
      ['bank:GIRO -500', 'remitted 500'],
    ]);
  });

  it('book a difference as over and short, or as charges of the bank', () => {
    expect(
      posted(
        { ...confirm('c1', '61.5', cash()), difference: { kind: 'overShort', amount: '-0.5' } },
        { ...confirm('c2', '-25', cheque), difference: { kind: 'charges', amount: '-5' } },
        { ...confirm('c3', '399', wire), difference: { kind: 'overShort', amount: '-1' } },
      ),
    ).toEqual([
      ['bank:GIRO 6150', 'deposited:CASH -6200', 'overShort:CASH 50'],
      ['bank:GIRO -2500', 'cash:CHECK 2000', 'bankCharges:GIRO 500'],
      ['bank:GIRO 39900', 'remitted:BURSAR -40000', 'bankCharges:GIRO 100'],
    ]);
  });

  it('of parts are their amounts; what is ended is over or short, or on an account of its reason', () => {
    expect(
      posted(
        confirm('c1', '40', part('40')),
        confirm('c2', '22', part('22')),
        confirm('c3', '-5', part('-5')),
        end('e1', part('4'), 'FALSE'),
        end('e2', part('1')),
        end('e3', wire),
        end('e4', cheque),
        reverse('u', 'e1'),
        book('b1', '-4.90'),
        book('b2', '1.23', 'FALSE'),
      ),
    ).toEqual([
      ['bank:GIRO 4000', 'deposited:CASH -4000'],
      ['bank:GIRO 2200', 'deposited:CASH -2200'],
      ['bank:GIRO -500', 'deposited:CASH 500'],
      ['bankOther:FALSE 400', 'deposited:CASH -400'],
      ['overShort:CASH 100', 'deposited:CASH -100'],
      ['bankCharges:GIRO 40000', 'remitted:BURSAR -40000'],
      ['overShort:CHECK -2000', 'cash:CHECK 2000'],
      ['bankOther:FALSE -400', 'deposited:CASH 400'],
      ['bank:GIRO -490', 'bankOther:FEE 490'],
      ['bank:GIRO 123', 'bankOther:FALSE -123'],
    ]);
  });

  it('are taken back by a reversal', () => {
    const [, undone] = posted(depositFromSafe('d1', '300'), reverse('u1', 'd1'));
    expect(undone).toEqual(['deposited:CASH -30000', 'safe 30000']);
    expect(() =>
      bankPostings('GIRO', bankAfter(depositFromSafe('d', '1'), reverse('u', 'd')).events.slice(1)),
    ).toThrow('CORRUPT_HISTORY');
  });
});
