import { parse } from 'csv-parse/sync';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  type AccountOfPatron,
  type AgedDebt,
  type AgedDebtForm,
  ageBands,
  agedDebt,
  agedDebtCsv,
  bandOf,
  checkedAgedDebtForm,
  openDebtTally,
  usualBandEnds,
} from '../../../src/books/agedDebt/agedDebt.js';
import {
  balancesInMinorUnits,
  definePolicy,
  feeStatus,
  fold,
  formatAmount,
  owed,
  type PatronAccount,
} from '../../../src/index.js';
import { accountOf, assessed, errorOf, event, lost, paid, transferred } from '../../support/events.js';
import { tried } from '../../support/seeded.js';
import { eventsOf, moves, policies, runMoves } from '../../support/stories.js';

describe('agedDebtForm', () => {
  const form: AgedDebtForm = { asOf: '2026-03-31T12:00:00Z', timeZone: 'Europe/Vienna' };

  describe('the form of aged debt', () => {
    it('has the usual bands by default, and no caller can change the default', () => {
      const usual = [30, 60, 90, 180, 365];
      const first = checkedAgedDebtForm(form);
      expect(first).toEqual({ ...form, bandEndDays: usual });
      first.bandEndDays.push(999);
      expect(checkedAgedDebtForm(form).bandEndDays).toEqual(usual);
      expect(checkedAgedDebtForm({ ...form, bandEndDays: [] }).bandEndDays).toEqual([]);
    });

    it('is refused with every fault and its path', () => {
      const bad = {
        asOf: '2026-02-30',
        timeZone: 'Mars',
        bandEndDays: [-1, 1.5, 7],
        owners: [''],
        feeTypes: 'OTHER',
        extra: 1,
      };
      const { code, details } = errorOf(() => checkedAgedDebtForm(bad as unknown as AgedDebtForm));
      expect(code).toBe('INVALID_ARGUMENT');
      expect((details.faults as { path: string }[]).map(({ path }) => path).sort()).toEqual([
        'form.asOf',
        'form.bandEndDays[0]',
        'form.bandEndDays[1]',
        'form.extra',
        'form.feeTypes',
        'form.owners[0]',
        'form.timeZone',
      ]);
    });

    it('is refused if bands do not rise, and if it is not a form', () => {
      for (const bandEndDays of [
        [30, 30],
        [60, 30],
      ]) {
        const { details } = errorOf(() => checkedAgedDebtForm({ ...form, bandEndDays }));
        expect(details.faults).toMatchObject([{ path: 'form.bandEndDays', expected: 'days that rise' }]);
      }
      for (const bad of [undefined, null, 'now', [], new Date(0)]) {
        expect(errorOf(() => checkedAgedDebtForm(bad as unknown as AgedDebtForm)).code).toBe(
          'INVALID_ARGUMENT',
        );
      }
    });
  });

  describe('bands of age', () => {
    it('end on the given days, and the last has everything older', () => {
      expect(ageBands(usualBandEnds).map(({ label }) => label)).toEqual([
        '0-30',
        '31-60',
        '61-90',
        '91-180',
        '181-365',
        '366+',
      ]);
      expect(ageBands([0, 7])).toEqual([
        { label: '0-0', fromDays: 0, toDays: 0 },
        { label: '1-7', fromDays: 1, toDays: 7 },
        { label: '8+', fromDays: 8, toDays: null },
      ]);
      expect(ageBands([])).toEqual([{ label: '0+', fromDays: 0, toDays: null }]);
    });

    it('put every age into exactly one band, the one that includes its day', () => {
      const ends = fc.uniqueArray(fc.nat(500), { maxLength: 8 }).map((days) => days.sort((a, b) => a - b));
      fc.assert(
        fc.property(ends, fc.nat(600), (days, age) => {
          const fitting = ageBands(days).flatMap(({ fromDays, toDays }, index) =>
            fromDays <= age && age <= (toDays ?? age) ? [index] : [],
          );
          expect(fitting).toEqual([bandOf(age, days)]);
        }),
      );
    });

    it('treat a fee assessed in the future as new', () => {
      expect(bandOf(-3, usualBandEnds)).toBe(0);
    });
  });
});

const fee = { owner: 'MAIN', feeType: 'OTHER', disputed: false };

describe('sums of debt', () => {
  it('are kept by library and type, in code order, and by band', () => {
    const tally = openDebtTally(2, 2);
    tally.add(fee, 1, 250);
    tally.add({ ...fee, owner: 'LAW' }, 0, 1);
    tally.add({ ...fee, feeType: '__proto__', disputed: true }, 0, 300);
    tally.add(fee, 0, 50);
    expect(tally.rows((feeType) => feeType.toLowerCase())).toEqual([
      {
        owner: 'LAW',
        feeType: 'OTHER',
        feeTypeLabel: 'other',
        fees: 1,
        owed: '0.01',
        disputed: '0.00',
        byBand: ['0.01', '0.00'],
      },
      {
        owner: 'MAIN',
        feeType: 'OTHER',
        feeTypeLabel: 'other',
        fees: 2,
        owed: '3.00',
        disputed: '0.00',
        byBand: ['0.50', '2.50'],
      },
      {
        owner: 'MAIN',
        feeType: '__proto__',
        feeTypeLabel: '__proto__',
        fees: 1,
        owed: '3.00',
        disputed: '3.00',
        byBand: ['3.00', '0.00'],
      },
    ]);
    expect(tally.total()).toEqual({ fees: 4, owed: '6.01', disputed: '3.00', byBand: ['3.51', '2.50'] });
  });

  it('go beyond the safe integers', () => {
    const tally = openDebtTally(1, 0);
    for (let times = 0; times < 3; times++) tally.add({ ...fee, disputed: true }, 0, Number.MAX_SAFE_INTEGER);
    const owed = '27021597764222973';
    expect(tally.total()).toEqual({ fees: 3, owed, disputed: owed, byBand: [owed] });
  });

  it('are empty if nothing is owed', () => {
    const tally = openDebtTally(1, 3);
    expect(tally.rows(String)).toEqual([]);
    expect(tally.total()).toEqual({ fees: 0, owed: '0.000', disputed: '0.000', byBand: ['0.000'] });
  });
});

describe('agedDebt', () => {
  const policy = definePolicy({ currency: 'USD' });

  const form: AgedDebtForm = { asOf: '2026-03-31T12:00:00Z', timeZone: 'UTC' };

  const ofPatron = (account: PatronAccount, patronId = 'p1'): AccountOfPatron => ({
    institution: 'north',
    patronId,
    account,
  });

  const debtOf = (account: PatronAccount, more: Partial<AgedDebtForm> = {}) =>
    agedDebt([ofPatron(account)], policy, { ...form, ...more });

  /** A fee of 1.00 for each of the days. */
  const assessedOn = (...instants: readonly string[]) =>
    accountOf(...instants.map((at, index) => assessed(`f${index}`, '1.00', { at })));

  describe('the owed amount', () => {
    it('is the remaining amount of fees, with disputed ones apart, without credits and transferred amounts', () => {
      const account = accountOf(
        ...[assessed('f1', '10.00'), paid('p1', 'f1', '4.00'), assessed('f2', '5.00', { owner: 'LAW' })],
        event('FeeDisputed', { disputeId: 'd1', feeId: 'f2' }),
        ...[assessed('f3', '7.00'), transferred('t1', 'f3', '7.00'), lost('f4', '50.00')],
        event('LostItemCreditIssued', {
          creditId: 'c1',
          feeId: 'f4',
          amount: '20.00',
          cause: 'waived',
          purpose: 'setOff',
        }),
        event('CreditIssued', { creditId: 'c2', amount: '9.00', cause: 'manual', purpose: 'goodwill' }),
      );
      const { rows, total, accounts, owing } = debtOf(account);
      expect(
        rows.map(({ owner, feeTypeLabel, fees, ...row }) => [
          owner,
          feeTypeLabel,
          fees,
          row.owed,
          row.disputed,
        ]),
      ).toEqual([
        ['LAW', 'Other', 1, '5.00', '5.00'],
        ['MAIN', 'Lost item replacement fee', 1, '30.00', '0.00'],
        ['MAIN', 'Other', 1, '6.00', '0.00'],
      ]);
      expect([total.owed, total.disputed, total.fees, accounts, owing]).toEqual(['41.00', '5.00', 3, 1, 1]);
    });

    it('can be filtered by library and by type', () => {
      const account = accountOf(
        assessed('f1', '1.00'),
        assessed('f2', '2.00', { owner: 'LAW' }),
        lost('f3', '4.00'),
      );
      expect(debtOf(account, { owners: ['LAW'] }).total.owed).toBe('2.00');
      expect(debtOf(account, { feeTypes: ['OTHER'] }).total.owed).toBe('3.00');
      expect(debtOf(account, { owners: ['LAW'], feeTypes: ['LOSTITEMREPLACEMENTFEE'] })).toMatchObject({
        rows: [],
        accounts: 1,
        owing: 0,
      });
    });
  });

  describe('the age of a fee', () => {
    it('counts calendar days since its assessment', () => {
      const account = assessedOn(
        ...['2026-03-31T23:59:00Z', '2026-03-01T00:00:00Z', '2026-02-28T23:59:00Z', '2025-03-31T00:00:00Z'],
        ...['2025-03-30T23:59:59Z', '2026-12-24T00:00:00Z', '0001-01-01T00:00:00Z'],
      );
      expect(debtOf(account).total.byBand).toEqual(['3.00', '1.00', '0.00', '0.00', '1.00', '2.00']);
    });

    it('uses days of the library at both ends, through a change of clocks', () => {
      const bandEndDays = [0, 1];
      const clocks = { timeZone: 'Europe/Vienna', asOf: '2026-03-29T22:30:00Z', bandEndDays };
      // There it is the 30th already; the 29th had 23 hours.
      const account = assessedOn(
        '2026-03-29T22:00:00Z',
        '2026-03-29T21:59:00Z',
        '2026-03-28T23:00:00Z',
        '2026-03-28T22:59:00Z',
      );
      expect(debtOf(account, clocks).total.byBand).toEqual(['1.00', '2.00', '1.00']);
      expect(debtOf(account, { ...clocks, timeZone: 'UTC' }).total.byBand).toEqual(['2.00', '2.00', '0.00']);
    });

    it('does not depend on the due date of its item', () => {
      const item = { dueAt: '2025-01-01T12:00:00Z' };
      const account = accountOf(assessed('f0', '1.00', { at: '2026-03-31T00:00:00Z', item }));
      expect(debtOf(account).total).toEqual(debtOf(assessedOn('2026-03-31T00:00:00Z')).total);
    });

    it('does not change with payments', () => {
      const account = accountOf(
        assessed('f1', '10.00', { at: '2025-01-01T09:00:00Z' }),
        event('PaymentReceived', {
          paymentId: 'p1',
          amount: '4.00',
          method: 'CASH',
          at: '2026-03-30T09:00:00Z',
          allocations: [{ feeId: 'f1', amount: '4.00' }],
        }),
      );
      expect(debtOf(account).total.byBand.at(-1)).toBe('6.00');
    });
  });

  describe('over many accounts', () => {
    const currency = 'USD';
    const dollars = policies.filter((known) => known.currency === currency);
    const accounts = fc
      .array(fc.tuple(moves(12), fc.constantFrom(...dollars)), { maxLength: 6 })
      .map((stories) => stories.map(([story, rules]) => fold(eventsOf(runMoves(story, rules)))))
      // A story may start under another policy.
      .map((all) => all.filter((account) => account.currency === null || account.currency === currency));
    const forms = fc.record({
      asOf: fc.integer({ min: 1, max: 30 }).map((day) => `2026-04-${String(day).padStart(2, '0')}T12:00:00Z`),
      timeZone: fc.constantFrom('UTC', 'Pacific/Auckland', 'America/New_York'),
      bandEndDays: fc.uniqueArray(fc.nat(60), { maxLength: 4 }).map((days) => days.sort((a, b) => a - b)),
    });
    const sum = (amounts: readonly string[]) =>
      formatAmount(
        amounts.reduce((total, amount) => total + BigInt(amount.replace('.', '')), 0n),
        2,
      );

    it('equals the sum owed by all accounts, in any order of addition', () => {
      fc.assert(
        fc.property(accounts, forms, (all, asked) => {
          const { rows, total, owing } = agedDebt(
            all.map((account) => ofPatron(account)),
            policy,
            asked,
          );
          const owedBy = all.map((account) => balancesInMinorUnits(account).owed);
          const disputed = all.flatMap(({ fees }) =>
            fees.filter((fee) => feeStatus(fee) === 'disputed').map((fee) => owed(fee)),
          );
          expect(total.owed).toBe(sum(owedBy.map((minor) => formatAmount(minor, 2))));
          expect(total.disputed).toBe(sum(disputed.map((minor) => formatAmount(minor, 2))));
          expect(owing).toBe(owedBy.filter((minor) => minor > 0).length);
          for (const figures of [...rows, total]) expect(sum(figures.byBand)).toBe(figures.owed);
          expect(sum(rows.map((row) => row.owed))).toBe(total.owed);
          expect(total.byBand).toEqual(
            total.byBand.map((_, band) => sum(rows.map((row) => row.byBand[band] ?? ''))),
          );
        }),
        tried(200),
      );
    });

    it('is the same when computed in parts', () => {
      fc.assert(
        fc.property(accounts, forms, fc.nat(6), (all, asked, cut) => {
          const of = (some: readonly PatronAccount[]) =>
            agedDebt(
              some.map((account) => ofPatron(account)),
              policy,
              asked,
            ).total;
          const [whole, head, tail] = [of(all), of(all.slice(0, cut)), of(all.slice(cut))];
          expect(whole.fees).toBe(head.fees + tail.fees);
          expect(whole.byBand).toEqual(
            head.byBand.map((amount, band) => sum([amount, tail.byBand[band] ?? ''])),
          );
        }),
        tried(100),
      );
    });

    it('skips and reports accounts in another currency', () => {
      const yen = ofPatron(accountOf(assessed('f1', '500', { currency: 'JPY' })), 'p2');
      const debt: AgedDebt = agedDebt([ofPatron(assessedOn('2026-03-02T09:00:00Z')), yen], policy, form);
      expect(debt).toMatchObject({ accounts: 2, owing: 1, findings: { count: 1 }, currency: 'USD' });
      expect(debt.findings.first).toMatchObject([{ patronId: 'p2', code: 'OTHER_CURRENCY' }]);
      expect(debt.total.owed).toBe('1.00');
      const many = agedDebt(
        Array.from({ length: 1_500 }, () => yen),
        policy,
        form,
      );
      expect([many.findings.count, many.findings.first.length]).toEqual([1_500, 1_000]);
    });

    it('refuses an invalid account, and accepts one without events as owing nothing', () => {
      const none = { institution: 'north', patronId: 'p1', account: {} } as unknown as AccountOfPatron;
      expect(errorOf(() => agedDebt([none], policy, form)).code).toBe('INVALID_ACCOUNT');
      expect(debtOf(accountOf())).toMatchObject({ accounts: 1, owing: 0, findings: { count: 0 } });
    });

    it('counts in minor units of every currency', () => {
      const dinars = accountOf(assessed('f1', '1.250', { currency: 'KWD' }));
      const report = agedDebt([ofPatron(dinars)], definePolicy({ currency: 'KWD' }), form);
      expect(report.total.owed).toBe('1.250');
    });
  });

  it('aged debt as CSV has a line for each row, a column for each band, and no formulas', () => {
    const account = accountOf(
      assessed('f1', '1.50', { owner: '=cmd|', feeType: 'A,"B"\n' }),
      assessed('f2', '2.00', { at: '2025-12-24T09:00:00Z' }),
    );
    const patron = { institution: 'north', patronId: 'p1', account };
    const form = { asOf: '2026-03-31T12:00:00Z', timeZone: 'UTC', bandEndDays: [30] };
    const report = agedDebt([patron], definePolicy({ currency: 'USD' }), form);
    const text = agedDebtCsv(report);
    expect(parse(text)).toEqual([
      ['owner', 'feeType', 'feeTypeLabel', 'fees', 'owed', 'disputed', 'days 0-30', 'days 31+', 'currency'],
      ["'=cmd|", 'A,"B"\n', 'A,"B"\n', '1', '1.50', '0.00', '1.50', '0.00', 'USD'],
      ['MAIN', 'OTHER', 'Other', '1', '2.00', '0.00', '0.00', '2.00', 'USD'],
    ]);
    expect(parse(agedDebtCsv(report, { identifiers: 'asIs' }))[1]?.[0]).toBe('=cmd|');
    expect(() => agedDebtCsv(report, { ids: 'asIs' } as never)).toThrow('INVALID_ARGUMENT');
  });
});
