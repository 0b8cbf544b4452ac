import { describe, expect, it } from 'vitest';
import { definePolicy } from '../../../src/index.js';
import { checkedReadOptions, importEvents, isImported } from '../../../src/interop/import/importEvents.js';
import { account, balance, change, charge, imported } from './foreign.js';

describe('the events of an import', () => {
  it('are in the order of their times, and never before the charge they are about', () => {
    const paid = [{ feeId: 'x/f1', amount: 100 }];
    const changes = [
      change(0, { kind: 'payment', paymentId: 'x/p', method: 'CASH', paid }),
      change(9, { kind: 'waiver', id: 'x/w', waived: paid }),
      charge(5, 1_000),
    ];
    expect(imported(account(changes, [balance(800)])).events).toEqual([
      'FeeAssessed 10.00',
      'PaymentReceived 1.00',
      'FeeWaived 1.00',
    ]);
  });

  it('leave out what earlier imports recorded, and keep what was done here', () => {
    const first = imported(account([charge(0, 1_000)], [balance(1_000)]));
    const here = {
      type: 'FeeWaived',
      data: { waiverId: 'w1', feeId: 'x/f1', amount: '4.00', currency: 'USD', at: '2026-04-01T09:00:00Z' },
    } as const;
    const paid = [{ feeId: 'x/f1', amount: 100 }];
    const later = change(9, { kind: 'payment', paymentId: 'x/p', method: 'CASH', paid });
    const second = imported(account([charge(0, 1_000), later], [balance(900)]), [...first.all, here]);
    expect(second).toMatchObject({ events: ['PaymentReceived 1.00'], findings: [], owed: { 'x/f1': 500 } });
  });

  it('are recognised by the channel and the ids of the system', () => {
    const [event] = importEvents(account([charge(0, 1_000)], [balance(1_000)]), {
      institution: 'north',
    }).events;
    expect(event?.data.by).toEqual({ channel: 'import', institution: 'north' });
    expect(event !== undefined && isImported(event, 'x')).toBe(true);
    expect(event !== undefined && isImported(event, 'y')).toBe(false);
    const data = { feeId: 'x/f1', disputeId: 'x/d', at: '2026-03-02T09:00:00Z' };
    expect(isImported({ type: 'FeeDisputed', data }, 'x')).toBe(false);
  });
});

const policy = definePolicy({ currency: 'JPY' });

describe('the options of an import', () => {
  it('name codes, and know the currency and the lost-item types', () => {
    const options = checkedReadOptions({
      policy,
      feeTypes: { LOST: 'LOSTITEMREPLACEMENTFEE' },
      owner: 'MAIN',
    });
    expect(options).toMatchObject({ currency: 'JPY', digits: 0, owner: 'MAIN' });
    expect(options.named('feeTypes', 'LOST')).toBe('LOSTITEMREPLACEMENTFEE');
    expect(options.named('feeTypes', 'constructor')).toBe('constructor');
    expect(options.named('methods', 'CASH')).toBe('CASH');
    expect(['LOSTITEMREPLACEMENTFEE', 'OTHER', '__proto__'].map(options.isLostItem)).toEqual([
      true,
      false,
      false,
    ]);
    expect(options.time('2026-03-02 10:15:00')?.at).toBe('2026-03-02T10:15:00.000Z');
  });

  it('have orders of dates and marks of amounts', () => {
    const options = checkedReadOptions({ policy, dayOrder: 'DD.MM.YYYY', decimalMark: ',' });
    expect([options.timeExpected, options.amountExpected]).toEqual([
      'a date and time, as DD.MM.YYYY or ISO 8601',
      'an amount of at most 12 digits with "," before its decimals',
    ]);
    expect(options.time('02.03.2026')?.at).toBe('2026-03-02T00:00:00.000Z');
    expect(options.amount('1.250', 'halfUp')?.minor).toBe(1250);
  });

  it('refuse unknown fields', () => {
    const refused = (options: object) => () => checkedReadOptions({ policy, ...options });
    expect(refused({ timeZone: 'Mars' })).toThrow(
      'options.timeZone: expected a time zone that this runtime knows',
    );
    expect(refused({ dayOrder: 'DD.MM.YY' })).toThrow('options.dayOrder: expected one of');
    expect(refused({ decimalMark: ';' })).toThrow(
      'options.decimalMark: expected a point or a comma, found ";"',
    );
    expect(refused({ feeTypse: {} })).toThrow('options.feeTypse');
    expect(() => checkedReadOptions({} as never)).toThrow('options.policy: missing (expected a policy)');
    expect(() => checkedReadOptions({ policy: {} as never })).toThrow('INVALID_POLICY');
  });
});
