import { parse } from 'csv-parse/sync';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { checkedPaymentsForm, openTillTally } from '../../../src/books/payments/paymentsReport.js';
import { definePolicy } from '../../../src/index.js';
import {
  type AccountHistory,
  groupedPayments,
  type PaymentsReport,
  type PaymentsReportForm,
  paymentsColumns,
  paymentsReport,
  paymentsReportCsv,
} from '../../../src/jobs/reports/index.js';
import { ask, policy } from '../../support/account.js';
import { accountWith } from '../../support/accountWith.js';
import { histories, minor, recorded, sum } from '../../support/institutionHistories.js';
import { tried } from '../../support/seeded.js';

describe('paymentsReportForm', () => {
  const form = { timeZone: 'Europe/Vienna', from: '2026-03-01', through: '2026-03-31' };

  describe('a form for payments', () => {
    it('by default uses day, library, desk, method and fee type, and the time of the event', () => {
      expect(checkedPaymentsForm(form)).toEqual({
        ...form,
        columns: ['day', 'library', 'desk', 'method', 'feeType'],
        dayOf: 'at',
      });
    });

    it('accepts the 29th of February of a leap year, and a period of one day', () => {
      const day = { from: '2028-02-29', through: '2028-02-29' };
      expect(checkedPaymentsForm({ ...form, ...day })).toMatchObject(day);
    });

    it.each([
      [undefined, 'form'],
      [null, 'form'],
      [[], 'form'],
      [{ ...form, timeZone: undefined }, 'form.timeZone'],
      [{ ...form, timeZone: 'Vienna' }, 'form.timeZone'],
      [{ ...form, timeZone: '+01:00' }, 'form.timeZone'],
      [{ ...form, from: '2026-02-29' }, 'form.from'],
      [{ ...form, from: '2026-13-01' }, 'form.from'],
      [{ ...form, from: '2026-3-1' }, 'form.from'],
      [{ ...form, from: '2026-03-01T00:00:00Z' }, 'form.from'],
      [{ ...form, through: new Date(0) }, 'form.through'],
      [{ ...form, through: '2026-02-28' }, 'form'],
      [{ ...form, columns: ['day', 'day'] }, 'form.columns'],
      [{ ...form, columns: ['weekday'] }, 'form.columns[0]'],
      [{ ...form, columns: 'day' }, 'form.columns'],
      [{ ...form, dayOf: 'version' }, 'form.dayOf'],
      [{ ...form, libraries: [''] }, 'form.libraries[0]'],
      [{ ...form, desks: 'CIRC' }, 'form.desks'],
      [{ ...form, channels: ['phone'] }, 'form.channels[0]'],
      [{ ...form, until: '2026-03-31' }, 'form.until'],
    ])('is refused if invalid: %j at %s', (input, path) => {
      expect(() => checkedPaymentsForm(input as never)).toThrow(
        expect.objectContaining({
          code: 'INVALID_ARGUMENT',
          details: { faults: [expect.objectContaining({ path })] },
        }),
      );
    });

    it('is refused with every fault', () => {
      const named = ['form.timeZone', 'form.from', 'form.through'].map((path) =>
        expect.objectContaining({ path }),
      );
      expect(() => checkedPaymentsForm({ timeZone: 'Mars', from: 'yesterday', through: 'today' })).toThrow(
        expect.objectContaining({ details: { faults: named } }),
      );
    });
  });
});

it('codes that look alike when concatenated have separate rows', () => {
  const tally = openTillTally(['desk', 'library'], 2);
  const places = [
    ['a', 'b,c'],
    ['a,b', 'c'],
    ['a"', '"b'],
    ['a', null],
    ['a', 'null'],
    [null, 'a'],
    ['a', ''],
    ['__proto__', 'x'],
    ['17', 'x'],
    ['9', 'x'],
  ];
  for (const place of places) tally.add(place, 'gross', 1n);
  for (const place of places) tally.add([...place], 'gross', 1n);
  const rows = tally.rows();
  expect(rows.map(({ desk, library }) => [desk, library])).toEqual([
    ['17', 'x'],
    ['9', 'x'],
    ['__proto__', 'x'],
    ['a', ''],
    ['a', 'b,c'],
    ['a', 'null'],
    ['a', null],
    ['a"', '"b'],
    ['a,b', 'c'],
    [null, 'a'],
  ]);
  expect(rows.every(({ gross }) => gross === '0.02')).toBe(true);
});

it('sums beyond the safe integers are exact', () => {
  const tally = openTillTally([], 2);
  for (let index = 0; index < 3; index++) tally.add([], 'refunded', 9_007_199_254_740_993n);
  expect(tally.total()).toEqual({
    payments: 0,
    gross: '0.00',
    reversed: '0.00',
    refunded: '270215977642229.79',
    refundsReversed: '0.00',
    net: '-270215977642229.79',
  });
});

it('has no rows and a total of zero while it is empty', () => {
  const tally = openTillTally(['day'], 0);
  expect(tally.rows()).toEqual([]);
  expect(tally.total().net).toBe('0');
});

describe('paymentsReport', () => {
  const figures = ['gross', 'reversed', 'refunded', 'refundsReversed', 'net'] as const;

  const allDays = { timeZone: 'Europe/Vienna', from: '0000-01-01', through: '9999-12-31' };

  const named = (events: AccountHistory['events'], patronId = 'p'): AccountHistory => ({
    institution: 'north',
    patronId,
    events,
  });

  describe('a payments report', () => {
    it('sums to the cash held according to the accounts, for any history', () => {
      fc.assert(
        fc.property(histories, ({ policy, events, account }) => {
          const { total } = paymentsReport([named(events)], policy, allDays);
          const paid = account.payments.map(({ amount }) => BigInt(amount));
          const reversed = account.payments.flatMap(({ allocations, overpayment }) =>
            [...allocations, ...(overpayment === null ? [] : [overpayment])].map((part) =>
              BigInt(part.reversed),
            ),
          );
          const refunds = account.refunds.map(({ amount }) => BigInt(amount));
          const unreversed = account.refunds.filter((refund) => !refund.reversed);
          expect(total.payments).toBe(account.payments.length);
          expect(minor(total.gross)).toBe(sum(paid));
          expect(minor(total.reversed)).toBe(sum(reversed));
          expect(minor(total.refunded)).toBe(sum(refunds));
          expect(minor(total.net)).toBe(
            sum(paid) - sum(reversed) - sum(unreversed.map(({ amount }) => BigInt(amount))),
          );
        }),
        tried(300),
      );
    });

    it('has the same total for any columns, also within a group', () => {
      const columns = fc.shuffledSubarray([...paymentsColumns]);
      fc.assert(
        fc.property(histories, columns, columns, ({ policy, events }, by, some) => {
          const whole = paymentsReport([named(events)], policy, { ...allDays, columns: by });
          for (const figure of figures) {
            expect(sum(whole.rows.map((row) => minor(row[figure])))).toBe(minor(whole.total[figure]));
          }
          const counted = whole.rows.reduce((count, { payments }) => count + payments, 0);
          expect(counted).toBe(whole.total.payments);
          const fewer = some.filter((column) => by.includes(column));
          const direct = paymentsReport([named(events)], policy, { ...allDays, columns: fewer });
          expect(groupedPayments(whole, fewer)).toEqual(direct);
          expect(direct.total).toEqual(paymentsReport([named(events)], policy, allDays).total);
        }),
        tried(300),
      );
    });

    it('is the sum of its days, and of its desks, libraries and channels', () => {
      const days = ['2026-03-27', '2026-03-28', '2026-03-29', '2026-03-30', '2026-03-31', '2026-04-01'];
      const dayOf = fc.constantFrom<('at' | 'recordedAt')[]>('at', 'recordedAt');
      fc.assert(
        fc.property(histories, fc.constantFrom(...zones), dayOf, ({ policy, events }, timeZone, by) => {
          const of = (form: Partial<PaymentsReportForm>) =>
            paymentsReport([named(events)], policy, { ...allDays, timeZone, dayOf: by, ...form });
          const first = days[0] as string;
          const whole = of({ from: first, through: '9999-12-31' });
          const parts = [...days.map((day) => of({ from: day, through: day })), of({ from: '2026-04-02' })];
          expect(parts.flatMap(({ rows }) => rows)).toEqual(whole.rows);
          expect(totalsOf(parts)).toEqual(totalsOf([whole]));
          const reported = groupedPayments(of({ columns: ['channel', 'desk'] }), ['channel']).rows;
          for (const { channel, net } of reported) {
            if (channel != null) expect(of({ channels: [channel as 'desk'] }).total.net).toBe(net);
          }
        }),
        tried(200),
      );
    });

    it('does not depend on how the events are spread over accounts, or on the order of accounts', () => {
      fc.assert(
        fc.property(fc.array(histories, { maxLength: 4 }), (several) => {
          const usd = several.filter(({ account }) => account.currency === 'USD');
          const accounts = usd.map(({ events }, index) => named(events, `p${index}`));
          const once = paymentsReport(accounts, policy, allDays);
          expect(paymentsReport([...accounts].reverse(), policy, allDays)).toEqual(once);
          expect(totalsOf(accounts.map((account) => paymentsReport([account], policy, allDays)))).toEqual(
            totalsOf([once]),
          );
          expect(JSON.parse(JSON.stringify(once))).toEqual(once);
        }),
        tried(100),
      );
    });
  });

  const zones = ['Europe/Vienna', 'America/New_York', 'Pacific/Kiritimati', 'Asia/Kathmandu', 'UTC'];

  function totalsOf(reports: readonly PaymentsReport[]) {
    return figures.map((figure) => sum(reports.map(({ total }) => minor(total[figure]))));
  }

  describe('the days of a payments report', () => {
    const paidAt = (...times: string[]) =>
      accountWith(
        times.map((at, index) => ask('ReceivePayment', `p${index}`, { amount: '1', method: 'CASH', at })),
      );
    const netByDay = (events: AccountHistory['events'], form: Partial<PaymentsReportForm> = {}) =>
      paymentsReport([named(events)], policyOfCredit, { ...allDays, columns: ['day'], ...form }).rows.map(
        ({ day, net }) => [day, net],
      );

    it('start and end at midnight of the library', () => {
      const events = paidAt('2026-03-02T22:59:00Z', '2026-03-02T23:01:00Z', '2026-03-02T23:59:00-05:00');
      expect(netByDay(events)).toEqual([
        ['2026-03-02', '1.00'],
        ['2026-03-03', '2.00'],
      ]);
      expect(netByDay(events, { timeZone: 'America/New_York' })).toEqual([['2026-03-02', '3.00']]);
    });

    it('have 23 hours in spring and 25 in autumn', () => {
      const spring = ['2026-03-28T23:00:00Z', '2026-03-29T21:59:59.999Z', '2026-03-29T22:00:00Z'];
      expect(netByDay(paidAt(...spring))).toEqual([
        ['2026-03-29', '2.00'],
        ['2026-03-30', '1.00'],
      ]);
      const autumn = [
        '2026-10-24T21:59:59Z',
        '2026-10-24T22:00:00Z',
        '2026-10-25T22:59:59Z',
        '2026-10-25T23:00:00Z',
      ];
      expect(netByDay(paidAt(...autumn))).toEqual([
        ['2026-10-24', '1.00'],
        ['2026-10-25', '2.00'],
        ['2026-10-26', '1.00'],
      ]);
    });

    it('include the first and the last day of the period', () => {
      const events = paidAt('2026-03-01T12:00:00Z', '2026-03-02T12:00:00Z', '2026-03-03T12:00:00Z');
      expect(netByDay(events, { from: '2026-03-01', through: '2026-03-02' }).map(([day]) => day)).toEqual([
        '2026-03-01',
        '2026-03-02',
      ]);
      expect(netByDay(events, { from: '2026-03-04', through: '2026-03-04' })).toEqual([]);
    });

    it('can be those of recording: then a late report changes no past day', () => {
      const at = ['2026-03-02T12:00:00Z', '2026-03-01T12:00:00Z'];
      const late = recorded(
        paidAt(...at).map(({ event }) => event),
        (index) => `2026-03-0${2 + index}T13:00:00Z`,
      );
      expect(netByDay(late)).toEqual([
        ['2026-03-01', '1.00'],
        ['2026-03-02', '1.00'],
      ]);
      expect(netByDay(late, { dayOf: 'recordedAt' })).toEqual([
        ['2026-03-02', '1.00'],
        ['2026-03-03', '1.00'],
      ]);
    });
  });

  const policyOfCredit = definePolicy({ ...policy, overpayment: 'credit' });

  describe('a row of a payments report', () => {
    const desk = (name: string, library = 'MAIN') => ({ channel: 'desk', desk: name, library }) as const;
    const tuesday = '2026-03-03T12:00:00Z';

    it('has the part of a payment for fees of its type, and the overpayment separately', () => {
      const events = accountWith([
        ask('AssessFee', 'f1', { feeType: 'OVERDUEFINE', amount: '1.10', owner: 'MAIN' }),
        ask('AssessFee', 'f2', { feeType: 'OTHER', amount: '2.20', owner: 'LAW' }),
        ask('AssessFee', 'f3', { feeType: 'OVERDUEFINE', amount: '0.03', owner: 'MAIN' }),
        ask('ReceivePayment', 'p1', { amount: '5', method: 'CASH', by: desk('north') }),
      ]);
      const form = { ...allDays, columns: ['library', 'desk', 'owner', 'feeType'] as const };
      const { rows } = paymentsReport([named(events)], policyOfCredit, form);
      expect(
        rows.map(({ library, desk, owner, feeType, gross }) => [library, desk, owner, feeType, gross]),
      ).toEqual([
        ['MAIN', 'north', 'LAW', 'OTHER', '2.20'],
        ['MAIN', 'north', 'MAIN', 'OVERDUEFINE', '1.13'],
        ['MAIN', 'north', null, null, '1.67'],
      ]);
    });

    it('has the actor of the payment or refund, and null without one', () => {
      const staff = (userId: string) => ({ channel: 'desk', userId }) as const;
      const events = accountWith([
        ask('AssessFee', 'f1', { feeType: 'OTHER', amount: '9', owner: 'MAIN' }),
        ask('ReceivePayment', 'p1', { amount: '5', method: 'CASH', by: staff('lin') }),
        ask('ReceivePayment', 'p2', { amount: '1', method: 'CASH', by: staff('kim') }),
        ask('ReceivePayment', 'p3', { amount: '2', method: 'ONLINE' }),
        ask('ReversePayment', 'r1', { paymentId: 'p2', by: staff('lin') }),
      ]);
      const { rows } = paymentsReport([named(events)], policy, { ...allDays, columns: ['user'] });
      expect(rows.map(({ user, gross, reversed }) => [user, gross, reversed])).toEqual([
        ['kim', '1.00', '0.00'],
        ['lin', '5.00', '1.00'],
        [null, '2.00', '0.00'],
      ]);
    });

    it('has a reversal on the day and at the desk of the reversal', () => {
      const events = accountWith([
        ask('AssessFee', 'f1', { feeType: 'OVERDUEFINE', amount: '7', owner: 'MAIN' }),
        ask('ReceivePayment', 'p1', { amount: '7', method: 'CHECK', by: desk('north') }),
        ask('ReversePayment', 'r1', { paymentId: 'p1', at: tuesday, by: desk('south', 'LAW') }),
      ]);
      const form = { ...allDays, columns: ['day', 'library', 'desk', 'method', 'feeType'] as const };
      const none = { refunded: '0.00', refundsReversed: '0.00', method: 'CHECK', feeType: 'OVERDUEFINE' };
      expect(paymentsReport([named(events)], policyOfCredit, form).rows).toEqual([
        {
          ...none,
          day: '2026-03-02',
          library: 'MAIN',
          desk: 'north',
          payments: 1,
          gross: '7.00',
          reversed: '0.00',
          net: '7.00',
        },
        {
          ...none,
          day: '2026-03-03',
          library: 'LAW',
          desk: 'south',
          payments: 0,
          gross: '0.00',
          reversed: '7.00',
          net: '-7.00',
        },
      ]);
      const south = paymentsReport([named(events)], policyOfCredit, { ...allDays, desks: ['south'] });
      expect(south.total.net).toBe('-7.00');
      const law = paymentsReport([named(events)], policyOfCredit, { ...allDays, libraries: ['LAW', 'MUS'] });
      expect(law.total.net).toBe('-7.00');
      expect(paymentsReport([named(events)], policyOfCredit, { ...allDays, desks: [] }).rows).toEqual([]);
    });

    it('has the whole reversed overpayment, used or not', () => {
      const events = accountWith([
        ask('ReceivePayment', 'p1', { amount: '5', method: 'CASH' }),
        ask('AssessFee', 'f1', { feeType: 'OTHER', amount: '2', owner: 'MAIN' }),
        ask('ApplyCredit', 'a1', { creditId: 'p1#1' }),
        ask('ReversePayment', 'r1', {
          paymentId: 'p1',
          shortfallFee: { feeId: 'f2', feeType: 'OTHER', owner: 'MAIN' },
        }),
      ]);
      const { rows, total } = paymentsReport([named(events)], policyOfCredit, {
        ...allDays,
        columns: ['feeType'],
      });
      expect(rows).toEqual([{ feeType: null, ...total }]);
      expect([total.gross, total.reversed, total.net]).toEqual(['5.00', '5.00', '0.00']);
    });

    it('has a refund of a fee at its type, and its reversal with the same method', () => {
      const events = accountWith([
        ask('AssessFee', 'f1', { feeType: 'OTHER', amount: '4', owner: 'LAW' }),
        ask('ReceivePayment', 'p1', { amount: '4', method: 'CASH' }),
        ask('CancelFee', 'c1', { feeId: 'f1' }),
        ask('RefundCredit', 'b1', { creditId: 'c1#1', method: 'CHECK' }),
        ask('ReverseRefund', 'u1', { refundId: 'b1', at: tuesday }),
        ask('IssueCredit', 'i1', {
          cause: 'imported',
          purpose: 'refundable',
          amount: '9',
          owner: 'MUS',
        }),
        ask('RefundCredit', 'b2', { creditId: 'i1', method: 'CASH' }),
      ]);
      const { rows } = paymentsReport([named(events)], policyOfCredit, {
        ...allDays,
        columns: ['method', 'owner', 'feeType'],
      });
      const zero = {
        payments: 0,
        gross: '0.00',
        reversed: '0.00',
        refunded: '0.00',
        refundsReversed: '0.00',
        net: '0.00',
      };
      expect(rows).toEqual([
        { ...zero, method: 'CASH', owner: 'LAW', feeType: 'OTHER', payments: 1, gross: '4.00', net: '4.00' },
        { ...zero, method: 'CASH', owner: 'MUS', feeType: null, refunded: '9.00', net: '-9.00' },
        {
          ...zero,
          method: 'CHECK',
          owner: 'LAW',
          feeType: 'OTHER',
          refunded: '4.00',
          refundsReversed: '4.00',
        },
      ]);
    });

    it('may be the only one, without any columns', () => {
      const events = accountWith([ask('ReceivePayment', 'p1', { amount: '5', method: 'CASH' })]);
      const { rows, total } = paymentsReport([named(events)], policyOfCredit, { ...allDays, columns: [] });
      expect(rows).toEqual([total]);
      expect(paymentsReport([], policyOfCredit, { ...allDays, columns: [] }).rows).toEqual([]);
    });
  });

  /** Events that occur twice, which is impossible in a valid account. */
  const twice = (events: AccountHistory['events']) =>
    recorded([...events, ...events].map(({ event }) => event));

  describe('an invalid account', () => {
    const good = accountWith([ask('ReceivePayment', 'p1', { amount: '5', method: 'CASH' })]);
    const euros = accountWith(
      [ask('ReceivePayment', 'p1', { amount: '5', method: 'CASH' })],
      definePolicy({ currency: 'EUR', overpayment: 'credit' }),
    );

    it('is a finding, and the others are counted', () => {
      const accounts = [
        named(twice(good), 'twice'),
        named(good, 'good'),
        named(euros, 'euros'),
        named([], 'none'),
      ];
      const report = paymentsReport(accounts, policyOfCredit, allDays);
      expect(report.total.net).toBe('5.00');
      expect([report.accounts, report.findings.count]).toEqual([4, 2]);
      expect(report.findings.first).toEqual([
        {
          institution: 'north',
          patronId: 'twice',
          code: 'CORRUPT_HISTORY',
          message: expect.stringContaining('north/twice'),
        },
        {
          institution: 'north',
          patronId: 'euros',
          code: 'OTHER_CURRENCY',
          message: expect.stringContaining('EUR'),
        },
      ]);
    });

    it('is counted beyond the thousand that are listed', () => {
      const many = Array.from({ length: 1_001 }, (_, index) => named(euros, `p${index}`));
      const { accounts, findings } = paymentsReport(many, policyOfCredit, allDays);
      expect([accounts, findings.count, findings.first.length]).toEqual([1_001, 1_001, 1_000]);
    });

    it('includes one with an invalid time', () => {
      const [row] = good;
      const timeless = { ...row, event: { ...row?.event, data: { ...row?.event.data, at: 'yesterday' } } };
      const report = paymentsReport([named([timeless as never])], policyOfCredit, allDays);
      expect(report.findings.first).toMatchObject([
        { code: 'INVALID_EVENT', message: expect.stringContaining('yesterday') },
      ]);
    });
  });

  describe('an invalid list of histories', () => {
    const good = accountWith([ask('ReceivePayment', 'p1', { amount: '5', method: 'CASH' })]);

    it.each([
      [undefined, 'accounts'],
      [null, 'accounts'],
      [{}, 'accounts'],
      [[null], 'accounts[0].events'],
      [[{ institution: 'north', patronId: 'p' }], 'accounts[0].events'],
      [[named(good), named([null] as never)], 'accounts[1].events'],
      [[named([...good, ...good].slice(1).concat(good))], 'accounts[0].events'],
      [['north'], 'accounts[0].events'],
    ])('is refused: %j', (accounts, path) => {
      expect(() => paymentsReport(accounts as never, policyOfCredit, allDays)).toThrow(
        expect.objectContaining({
          code: 'INVALID_ARGUMENT',
          message: expect.stringContaining(`${path}: expected`),
        }),
      );
    });
  });

  const events = accountWith([
    ask('ReceivePayment', 'p1', { amount: '5', method: 'CASH' }),
    ask('ReceivePayment', 'p2', { amount: '3', method: 'CHECK' }),
    ask('ReceivePayment', 'p3', { amount: '0.05', method: 'CASH', at: '2026-03-03T12:00:00Z' }),
    ask('ReversePayment', 'r1', { paymentId: 'p2' }),
    ask('RefundCredit', 'b1', { creditId: 'p1#1', method: 'CHECK' }),
  ]);

  const history = { institution: 'north', patronId: 'p', events };

  const form = {
    timeZone: 'UTC',
    from: '2026-03-01',
    through: '2026-03-31',
    columns: ['day', 'method'] as const,
  };

  const report = paymentsReport([history], policy, form);

  it('groups sum the rows, including negative ones', () => {
    const { columns: by, rows, total } = groupedPayments(report, ['method']);
    expect(by).toEqual(['method']);
    expect(rows.map(({ method, net }) => [method, net])).toEqual([
      ['CASH', '5.05'],
      ['CHECK', '-5.00'],
    ]);
    expect(total).toEqual(report.total);
  });

  it('refuses unknown and repeated columns', () => {
    for (const by of [['desk'], ['day', 'day'], ['constructor'], 'day', undefined]) {
      expect(() => groupedPayments(report, by as never)).toThrow(
        expect.objectContaining({ code: 'INVALID_ARGUMENT', message: expect.stringContaining('columns') }),
      );
    }
  });

  describe('paymentsReportCsv', () => {
    const form = { timeZone: 'UTC', from: '2026-01-01', through: '2026-12-31' };

    it('a file has a line for each row, with an empty cell for a missing value', () => {
      const by = { channel: 'desk', desk: '=cmd()', library: 'Main, "old"' } as const;
      const events = accountWith([
        ask('ReceivePayment', 'p1', { amount: '5', method: 'CASH', by }),
        ask('ReversePayment', 'r1', { paymentId: 'p1' }),
      ]);
      const report = paymentsReport([{ institution: 'north', patronId: 'p', events }], policy, form);
      expect(paymentsReportCsv(report)).toBe(
        [
          'day,library,desk,method,feeType,payments,gross,reversed,refunded,refundsReversed,net,currency',
          '2026-03-02,"Main, ""old""",\'=cmd(),CASH,,1,5.00,0.00,0.00,0.00,5.00,USD',
          '2026-03-02,,,CASH,,0,0.00,5.00,0.00,0.00,-5.00,USD',
          '',
        ].join('\r\n'),
      );
      expect(paymentsReportCsv(report, { identifiers: 'asIs' })).toContain(',=cmd(),CASH');
      expect(() => paymentsReportCsv(report, { ids: 'asIs' } as never)).toThrow('INVALID_ARGUMENT');
    });

    it('has amounts that add up to the total in a spreadsheet', () => {
      fc.assert(
        fc.property(histories, ({ policy, events }) => {
          const report = paymentsReport([{ institution: 'north', patronId: 'p', events }], policy, form);
          const read = parse(paymentsReportCsv(report), { columns: true }) as Record<string, string>[];
          expect(read).toHaveLength(report.rows.length);
          expect(sum(read.map(({ net }) => minor(net as string)))).toBe(minor(report.total.net));
          const count = read.reduce((total, { payments }) => total + Number(payments), 0);
          expect(count).toBe(report.total.payments);
        }),
        tried(100),
      );
    });
  });
});
