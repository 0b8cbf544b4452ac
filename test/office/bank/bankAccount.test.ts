import { describe, expect, it } from 'vitest';
import { bankItemKey } from '../../../src/office/bank/bankAccount.js';
import { type BankEvent, type BankItem, foldBankAccount } from '../../../src/office/index.js';
import { bankAfter, cash, confirm, depositFromSafe, end, part, reverse } from './banks.js';

const safe: BankItem = { kind: 'safeDeposit', depositId: 'd1', method: 'CASH', amount: '300.00' };
const { events } = bankAfter(depositFromSafe('d1', '300'), confirm('c1', '300', safe), reverse('u1', 'c1'));
const [deposited, confirmed, reversed] = events as [BankEvent, BankEvent, BankEvent];
const changed = (event: BankEvent, data: object, commandId = 'x') =>
  ({ ...event, data: { ...event.data, ...data }, metadata: { commandId, commandDigest: 'y' } }) as BankEvent;

describe('the history of a bank account', () => {
  it('folds, all at once or event by event', () => {
    const account = foldBankAccount(events);
    expect(account).toMatchObject({ currency: 'USD', eventCount: 3 });
    expect([[...account.records.keys()], [...account.reversed]]).toEqual([['d1', 'c1'], ['c1']]);
    expect([account.entries.size, account.items.size]).toEqual([0, 0]);
    expect(events.reduce((state, event) => foldBankAccount([event], state), foldBankAccount([]))).toEqual(
      account,
    );
  });

  it('folds parts of items of either sign', () => {
    const cheque = {
      kind: 'returned',
      patronId: 'p',
      reversalId: 'r',
      method: 'CHECK',
      amount: '-20.00',
    } as const;
    const parts = bankAfter(
      confirm('c1', '-15', { ...cheque, amount: '-15', of: '-20' }),
      confirm('c2', '40', part('40')),
      end('e1', { ...cheque, amount: '-5', of: '-20' }),
    );
    expect([...parts.account.items.values()]).toEqual([
      { item: cheque, settled: '-20.00', records: ['c1', 'e1'] },
      { item: cash(), settled: '40.00', records: ['c2'] },
    ]);
    const [first] = parts.events as [BankEvent];
    const more = { confirmationId: 'c2', entryId: 'other', amount: '-5.01' };
    const items = [{ ...cheque, amount: '-5.01', of: '-20.00' }];
    expect(() => foldBankAccount([first, changed(first, { ...more, items })])).toThrow(
      'more than the item of -20.00',
    );
    const others = [{ ...cheque, amount: '-5.01', of: '-21.00' }];
    expect(() => foldBankAccount([first, changed(first, { ...more, items: others })])).toThrow(
      'an item of -20.00',
    );
  });

  it.each([
    ['the same command twice', [deposited, deposited]],
    ['the same deposit twice', [deposited, changed(deposited, {})]],
    [
      'the same entry twice',
      [confirmed, changed(confirmed, { confirmationId: 'c2', items: [cash('300.00')] })],
    ],
    ['the same item twice', [confirmed, changed(confirmed, { confirmationId: 'c2', entryId: 'other' })]],
    ['items of another amount', [changed(confirmed, { amount: '300.01' })]],
    ['another currency', [deposited, changed(confirmed, { currency: 'EUR' })]],
    ['a reversal of nothing', [reversed]],
    ['two reversals', [confirmed, reversed, changed(reversed, {})]],
    ['a reversal of another amount', [confirmed, changed(reversed, { amount: '1.00' })]],
  ])('is corrupt with %s', (_, history) => {
    expect(() => foldBankAccount(history)).toThrow('CORRUPT_HISTORY: event');
  });

  it('tells items of different kinds, tills and systems apart, whatever their ids', () => {
    const items: readonly BankItem[] = [
      cash(),
      { ...cash(), method: 'CHECK' } as BankItem,
      { ...cash(), till: 'CIRC","CIRC/1' } as BankItem,
      safe,
      { kind: 'returned', patronId: 'd1', reversalId: 'r', method: 'CHECK', amount: '-1.00' },
      { kind: 'payout', method: 'CASH', payoutId: 'd1', amount: '1.00' },
      { kind: 'remittance', remittanceId: 'd1', amount: '1.00' },
      { kind: 'remittance', remittanceId: 'd1', destination: 'BURSAR', amount: '1.00' },
    ];
    expect(new Set(items.map(bankItemKey)).size).toBe(items.length);
    expect(bankItemKey({ ...safe, amount: '5.00' })).toBe(bankItemKey(safe));
  });
});
