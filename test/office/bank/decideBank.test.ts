import { describe, expect, it } from 'vitest';
import { definePolicy } from '../../../src/index.js';
import {
  type BankCommand,
  type BankItem,
  decideBank,
  noBankAccount,
  officeEvents,
} from '../../../src/office/index.js';
import { policy } from '../../support/account.js';
import { bankAfter, book, cash, confirm, depositFromSafe, end, part, reverse, withReasons } from './banks.js';

const safe: BankItem = { kind: 'safeDeposit', depositId: 'd1', method: 'CASH', amount: '300.00' };
const refused = (command: BankCommand, ...before: readonly BankCommand[]) => {
  const decision = decideBank(command, bankAfter(...before).account, withReasons);
  return decision.accepted ? decision.events.length : decision.rejection;
};

describe('a command about a bank account', () => {
  it('records a deposit from the safe, with a canonical amount', () => {
    const { events } = bankAfter(depositFromSafe('d1', '300.5'));
    expect(events).toMatchObject([
      {
        type: 'SafeDeposited',
        data: { depositId: 'd1', method: 'CASH', amount: '300.50', reference: 'slip d1' },
      },
    ]);
    expect(officeEvents.decode(officeEvents.encode(events[0] as (typeof events)[0]))).toEqual(events[0]);
  });

  it('confirms items by an entry, with a difference that the bank counted or charged', () => {
    const short = {
      ...confirm('c1', '61.5', cash('62')),
      difference: { kind: 'overShort', amount: '-0.5' },
    } as const;
    const { events, account } = bankAfter(short);
    expect(events).toMatchObject([
      {
        data: {
          amount: '61.50',
          items: [{ amount: '62.00' }],
          difference: { kind: 'overShort', amount: '-0.50' },
        },
      },
    ]);
    expect(officeEvents.decode(officeEvents.encode(events[0] as (typeof events)[0]))).toEqual(events[0]);
    expect([...account.entries]).toEqual([['entry c1', 'c1']]);
  });

  it('confirms an item in parts, takes back what the bank corrected, and ends the rest', () => {
    const { events, account } = bankAfter(
      confirm('c1', '40', part('40')),
      confirm('c2', '22', part('22')),
      confirm('c3', '-5', part('-5')),
      end('e1', part('5'), 'FALSE'),
    );
    expect(events.at(-1)).toMatchObject({
      type: 'BankItemEnded',
      data: { endingId: 'e1', item: { amount: '5.00', of: '62.00' }, reason: 'FALSE' },
    });
    for (const event of events) expect(officeEvents.decode(officeEvents.encode(event))).toEqual(event);
    const [state] = account.items.values();
    expect(state).toEqual({ item: cash(), settled: '62.00', records: ['c1', 'c2', 'c3', 'e1'] });
    // Each can be undone, and is open again.
    const undone = bankAfter(
      confirm('c1', '40', part('40')),
      confirm('c2', '22', part('22')),
      reverse('u1', 'c1'),
    );
    expect([...undone.account.items.values()]).toMatchObject([{ settled: '22.00', records: ['c2'] }]);
    const ended = bankAfter(end('e1', cash()), reverse('u1', 'e1'));
    expect(ended.account.items.size).toBe(0);
  });

  it('books the own entries of the bank, in either direction', () => {
    const { events, account } = bankAfter(book('b1', '-4.9'), book('b2', '1.23'), reverse('u', 'b1'));
    expect(events[0]).toMatchObject({
      type: 'BankEntryBooked',
      data: { bookingId: 'b1', entryId: 'entry b1', amount: '-4.90', reason: 'FEE' },
    });
    for (const event of events) expect(officeEvents.decode(officeEvents.encode(event))).toEqual(event);
    expect([...account.entries]).toEqual([['entry b2', 'b2']]);
  });

  it('is a repeat with the same id and content, and refused with another', () => {
    expect(refused(confirm('c1', '62', cash()), confirm('c1', '62.00', cash('62')))).toBe(0);
    expect(refused(confirm('c1', '61', cash('61')), confirm('c1', '62', cash()))).toMatchObject({
      type: 'OfficeIdAlreadyUsed',
    });
  });

  it.each([
    [
      'items of another sum',
      confirm('c1', '62.01', cash()),
      [],
      { type: 'BankAmountsDiffer', expected: '62.00' },
    ],
    [
      'an entry that is confirmed',
      { ...confirm('c2', '5', safe), entryId: 'entry c1' },
      [confirm('c1', '62', cash())],
      { type: 'BankEntryAlreadyConfirmed', confirmationId: 'c1' },
    ],
    [
      'an item that is confirmed',
      confirm('c2', '62', cash()),
      [confirm('c1', '62', cash())],
      { type: 'BankItemAlreadyConfirmed', bank: null, confirmationId: 'c1' },
    ],
    [
      'more than is left of an item',
      confirm('c2', '22.01', part('22.01')),
      [confirm('c1', '40', part('40'))],
      { type: 'ConfirmedAbove', kind: 'conflict', total: '62.00', left: '22.00', amount: '22.01' },
    ],
    [
      'a whole item of which a part is confirmed',
      confirm('c2', '62', cash()),
      [confirm('c1', '40', part('40'))],
      { type: 'ConfirmedAbove', left: '22.00', amount: '62.00' },
    ],
    [
      'a part of another whole',
      confirm('c2', '22', part('22', '63')),
      [confirm('c1', '40', part('40'))],
      { type: 'InvalidOfficeCommand', faults: [{ path: 'items[0].of', expected: '62.00', found: '63.00' }] },
    ],
    [
      'what is left, told as a whole',
      confirm('c2', '22', cash('22')),
      [confirm('c1', '40', part('40'))],
      {
        type: 'InvalidOfficeCommand',
        faults: [{ path: 'items[0].amount', expected: '62.00', found: '22.00' }],
      },
    ],
    [
      'more taken back than was confirmed',
      confirm('c2', '-40.01', part('-40.01')),
      [confirm('c1', '40', part('40'))],
      { type: 'ConfirmedAbove', left: '22.00', amount: '-40.01' },
    ],
    [
      'a correction undone after what it left was ended',
      reverse('u1', 'c2'),
      [confirm('c1', '62', cash()), confirm('c2', '-5', part('-5')), end('e1', part('5'))],
      { type: 'ConfirmedAbove', left: '0.00', amount: '5.00' },
    ],
    [
      'what was corrected, undone before its correction',
      reverse('u1', 'c1'),
      [confirm('c1', '62', cash()), confirm('c2', '-5', part('-5'))],
      { type: 'ConfirmedAbove', left: '5.00', amount: '-62.00' },
    ],
    [
      'more ended than is left',
      end('e1', part('22.01')),
      [confirm('c1', '40', part('40'))],
      { type: 'ConfirmedAbove', left: '22.00', amount: '22.01' },
    ],
    [
      'what is confirmed, ended',
      end('e1', cash()),
      [confirm('c1', '62', cash())],
      { type: 'BankItemAlreadyConfirmed', confirmationId: 'c1' },
    ],
    [
      'what is ended, confirmed',
      confirm('c1', '62', cash()),
      [end('e1', cash())],
      { type: 'BankItemAlreadyConfirmed', confirmationId: 'e1' },
    ],
    [
      'an entry that is booked, confirmed',
      { ...confirm('c1', '62', cash()), entryId: 'entry b1' },
      [book('b1', '62')],
      { type: 'BankEntryAlreadyConfirmed', confirmationId: 'b1' },
    ],
    [
      'an entry that is confirmed, booked',
      { ...book('b1', '62'), entryId: 'entry c1' },
      [confirm('c1', '62', cash())],
      { type: 'BankEntryAlreadyConfirmed', confirmationId: 'c1' },
    ],
    [
      'a booking for an unknown reason',
      book('b1', '5', 'FE'),
      [],
      { type: 'BankReasonUnknown', known: { nearest: 'FEE' } },
    ],
    [
      'an ending of the other sign',
      end('e1', part('-5')),
      [confirm('c1', '40', part('40'))],
      { type: 'InvalidOfficeCommand', faults: [{ path: 'item.amount' }] },
    ],
    [
      'an unknown reason',
      end('e1', cash(), 'FLASE'),
      [],
      { type: 'BankReasonUnknown', reason: 'FLASE', known: { nearest: 'FALSE' } },
    ],
    [
      'a part of a deposit from the safe of another amount',
      confirm('c1', '100', { ...safe, amount: '100', of: '300' }),
      [depositFromSafe('d1', '300.50')],
      {
        type: 'InvalidOfficeCommand',
        faults: [{ path: 'items[0].of', expected: '300.50', found: '300.00' }],
      },
    ],
    [
      'a deposit of which the bank has a part',
      reverse('u1', 'd1'),
      [depositFromSafe('d1', '300'), confirm('c1', '100', { ...safe, amount: '100', of: '300' })],
      { type: 'BankRecordClosed', confirmationId: 'c1' },
    ],
    [
      'the same item twice',
      confirm('c1', '124', cash(), cash()),
      [],
      { type: 'BankItemAlreadyConfirmed', confirmationId: 'c1' },
    ],
    [
      'a deposit from the safe that is not here',
      confirm('c1', '300', safe),
      [],
      { type: 'BankRecordNotFound', kind: 'notFound', recordId: 'd1' },
    ],
    [
      'a deposit from the safe that is a confirmation',
      confirm('c2', '300', { ...safe, depositId: 'c1' } as BankItem),
      [confirm('c1', '62', cash())],
      { type: 'BankRecordNotFound', recordId: 'c1' },
    ],
    [
      'a deposit from the safe that is reversed',
      confirm('c1', '300', safe),
      [depositFromSafe('d1', '300'), reverse('u1', 'd1')],
      { type: 'BankRecordClosed', kind: 'conflict', recordId: 'd1', confirmationId: null },
    ],
    [
      'a deposit from the safe of another amount',
      confirm('c1', '362', cash(), safe),
      [depositFromSafe('d1', '300.50')],
      {
        type: 'InvalidOfficeCommand',
        faults: [{ path: 'items[1].amount', expected: '300.50', found: '300.00' }],
      },
    ],
    [
      'a deposit from the safe by another method',
      confirm('c1', '300', { ...safe, method: 'CHECK' } as BankItem),
      [depositFromSafe('d1', '300')],
      {
        type: 'InvalidOfficeCommand',
        faults: [{ path: 'items[0].method', expected: 'CASH', found: 'CHECK' }],
      },
    ],
    [
      'a method that is unknown',
      { ...depositFromSafe('d1', '5'), method: 'CAHS' },
      [],
      { type: 'BankMethodUnknown' },
    ],
    ['a record that does not exist', reverse('u1', 'd1'), [], { type: 'BankRecordNotFound' }],
    [
      'a record that is reversed',
      reverse('u2', 'd1'),
      [depositFromSafe('d1', '5'), reverse('u1', 'd1')],
      { type: 'BankRecordClosed', confirmationId: null },
    ],
    [
      'a deposit that the bank confirmed',
      reverse('u1', 'd1'),
      [depositFromSafe('d1', '300'), confirm('c1', '300', safe)],
      { type: 'BankRecordClosed', confirmationId: 'c1' },
    ],
  ] as const)('is refused for %s', (_, command, before, rejection) => {
    expect(refused(command, ...before)).toMatchObject(rejection);
  });

  it.each([
    ['amount', depositFromSafe('d1', '0')],
    ['amount', depositFromSafe('d1', '-5')],
    ['amount', confirm('c1', '1.234', cash())],
    ['items[0].amount', confirm('c1', '5', cash('0.00'))],
    ['difference.amount', { ...confirm('c1', '5', cash()), difference: { kind: 'charges', amount: 'x' } }],
    ['amount', book('b1', '0')],
    ['items', confirm('c1', '5')],
    ['items[0].kind', confirm('c1', '5', { kind: 'gift' } as unknown as BankItem)],
    ['bookedOn', { ...confirm('c1', '5', cash()), bookedOn: '2026-02-30' }],
  ] as const)('is invalid with a wrong %s', (path, command) => {
    expect(refused(command as BankCommand)).toMatchObject({
      type: 'InvalidOfficeCommand',
      faults: [{ path }],
    });
  });

  it('needs a permission, with a limit for money in either direction', () => {
    const limited = definePolicy({
      ...policy,
      permissions: { ConfirmBankEntry: { FINANCE: { upTo: '62.00' } }, DepositFromSafe: {} },
    });
    const finance = { channel: 'desk', userId: 'fin', roles: ['FINANCE'] } as const;
    const outcome = (command: BankCommand) =>
      decideBank({ ...command, by: finance }, noBankAccount, limited).accepted;
    const taken: BankItem = { kind: 'remittance', remittanceId: 'r', amount: '-62.01' };
    expect(outcome(confirm('c1', '62', cash()))).toBe(true);
    expect(outcome(confirm('c1', '-62.01', taken))).toBe(false);
    expect(outcome(depositFromSafe('d1', '5'))).toBe(false);
  });

  it('can confirm an entry again after its confirmation was reversed', () => {
    const again = { ...confirm('c2', '62', cash()), entryId: 'entry c1' };
    const { account } = bankAfter(confirm('c1', '62', cash()), reverse('u1', 'c1'), again);
    expect([...account.entries]).toEqual([['entry c1', 'c2']]);
  });
});
