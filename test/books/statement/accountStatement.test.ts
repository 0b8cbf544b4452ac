import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { statementHtml } from '../../../src/books/statement/statementLetter.js';
import { accountAsOf } from '../../../src/history/index.js';
import { balancesInMinorUnits, definePolicy, fold } from '../../../src/index.js';
import { type AccountStatement, accountStatement, statementText } from '../../../src/jobs/reports/index.js';
import { ask, policy } from '../../support/account.js';
import { accountWith } from '../../support/accountWith.js';
import { histories, minor, recorded, sum } from '../../support/institutionHistories.js';
import { tried } from '../../support/seeded.js';

const patron = { name: 'Ada Lovelace' };

const balanceOf = (account: Parameters<typeof balancesInMinorUnits>[0]) => {
  const { active, disputed } = balancesInMinorUnits(account);
  return BigInt(active + disputed);
};

/** Checks the properties of every statement. */
function expectToReconcile({ opening, lines, closing }: AccountStatement) {
  expect(minor(opening.balance) + sum(lines.map(({ amount }) => minor(amount)))).toBe(minor(closing.balance));
  for (const { balance, active, disputed } of [opening, closing]) {
    expect(minor(active) + minor(disputed)).toBe(minor(balance));
  }
}

describe('a statement', () => {
  it('starts and ends at the balances of the account, and its amounts sum to the difference', () => {
    fc.assert(
      fc.property(histories, ({ policy, events, account }) => {
        const statement = accountStatement(events, policy, { patron });
        expectToReconcile(statement);
        expect(minor(statement.opening.balance)).toBe(0n);
        expect(minor(statement.closing.balance)).toBe(balanceOf(account));
        expect(minor(statement.closing.transferred)).toBe(BigInt(balancesInMinorUnits(account).transferred));
        expect(JSON.parse(JSON.stringify(statement))).toEqual(statement);
      }),
      tried(300),
    );
  });

  it('has the balance of the account after every line', () => {
    fc.assert(
      fc.property(histories, ({ policy, events }) => {
        for (const { version, balance } of accountStatement(events, policy, { patron }).lines) {
          expect(minor(balance)).toBe(balanceOf(accountAsOf(events, { version })));
        }
      }),
      tried(200),
    );
  });

  it('continues where the previous one ended, wherever the period is split', () => {
    fc.assert(
      fc.property(histories, fc.array(fc.nat(), { maxLength: 3 }), fc.boolean(), (history, cuts, byTime) => {
        const { policy, events } = history;
        const moments = cuts
          .map((cut) => cut % (events.length + 1))
          .sort((a, b) => a - b)
          .map((version) =>
            byTime ? { recordedAt: events[version - 1]?.recordedAt ?? '1999-01-01T00:00:00Z' } : { version },
          );
        const bounds = [undefined, ...moments, undefined];
        const parts = bounds.slice(1).map((before, index) => {
          const from = bounds[index];
          return accountStatement(events, policy, {
            patron,
            ...(from && { from }),
            ...(before && { before }),
          });
        });
        parts.forEach(expectToReconcile);
        parts.slice(1).forEach(({ opening, from }, index) => {
          expect(opening).toEqual(parts[index]?.closing);
          const { version } = opening;
          if (from !== null && 'version' in from) expect(version).toBe(from.version);
          const asOf = accountAsOf(events, { version });
          expect(minor(opening.active)).toBe(BigInt(balancesInMinorUnits(asOf).active));
        });
        const whole = accountStatement(events, policy, { patron });
        expect(parts.flatMap(({ lines }) => lines)).toEqual(whole.lines);
        expect(parts.at(-1)?.closing).toEqual(whole.closing);
      }),
      tried(300),
    );
  });

  it('never changes once its period is over, and shows no staff note', () => {
    fc.assert(
      fc.property(histories, fc.nat(), ({ policy, events }, cut) => {
        const noted = events.map((row) => {
          const data = { ...row.event.data, staffNote: 'between-us', comment: 'for you' };
          return { ...row, event: { ...row.event, data } as never };
        });
        const known = cut % (events.length + 1);
        const before = { version: known };
        const then = accountStatement(noted.slice(0, known), policy, { patron, before });
        expect(accountStatement(noted, policy, { patron, before })).toEqual(then);
        const place = { locale: 'en-US', timeZone: 'UTC' };
        const written = [JSON.stringify(then), statementText(then, place), statementHtml(then, place)];
        for (const text of written) expect(text).not.toContain('between-us');
      }),
      tried(100),
    );
  });
});

describe('the lines of a statement', () => {
  const linesOf = (events: Parameters<typeof accountStatement>[0]) =>
    accountStatement(events, policy, { patron }).lines;

  it('show what was charged, paid and waived, with labels and references', () => {
    const events = accountWith([
      ask('AssessFee', 'f1', {
        feeType: 'OVERDUEFINE',
        amount: '25',
        owner: 'MAIN',
        item: { title: 'On Numbers' },
        comment: 'Returned late',
      }),
      ask('ReceivePayment', 'p1', {
        amount: '22.23',
        method: 'CASH',
        externalTransactionId: 'x-1',
        reference: 'r-1',
      }),
      ask('WaiveFees', 'w1', { fees: [{ feeId: 'f1' }], reason: 'OTHER' }),
      ask('ReverseWaiver', 'u1', { waiverId: 'w1' }),
    ]);
    const none = {
      writeOff: false,
      undoes: null,
      creditId: null,
      method: null,
      methodLabel: null,
      destinationLabel: null,
      reference: null,
      reasonLabel: null,
      comment: null,
      at: '2026-03-02T09:00:00Z',
    };
    const fee = {
      feeId: 'f1',
      feeType: 'OVERDUEFINE',
      feeTypeLabel: 'Overdue fine',
      title: 'On Numbers',
      owner: 'MAIN',
    };
    expect(linesOf(events)).toEqual([
      {
        ...none,
        version: 1,
        recordedAt: events[0]?.recordedAt,
        kind: 'assessed',
        label: 'Fee assessed',
        id: 'f1',
        amount: '25.00',
        balance: '25.00',
        fees: [{ ...fee, amount: '25.00' }],
        comment: 'Returned late',
      },
      {
        ...none,
        version: 2,
        recordedAt: events[1]?.recordedAt,
        kind: 'payment',
        label: 'Payment',
        id: 'p1',
        amount: '-22.23',
        balance: '2.77',
        fees: [{ ...fee, amount: '22.23' }],
        method: 'CASH',
        methodLabel: 'Cash',
        reference: 'x-1',
      },
      {
        ...none,
        version: 3,
        recordedAt: events[2]?.recordedAt,
        kind: 'waiver',
        label: 'Waiver',
        id: 'w1',
        amount: '-2.77',
        balance: '0.00',
        fees: [{ ...fee, amount: '2.77' }],
        reasonLabel: 'Other',
      },
      {
        ...none,
        version: 4,
        recordedAt: events[3]?.recordedAt,
        kind: 'waiverReversed',
        label: 'Waiver reversed',
        undoes: 'w1',
        id: 'u1',
        amount: '2.77',
        balance: '2.77',
        fees: [{ ...fee, amount: '2.77' }],
      },
    ]);
  });

  it('omit events that move nothing, and show the disputed part of the balance separately', () => {
    const events = accountWith([
      ask('ReceivePayment', 'p1', { amount: '3', method: 'CASH' }),
      ask('AssessFee', 'f1', { feeType: 'OTHER', amount: '10', owner: 'MAIN' }),
      ask('ApplyCredit', 'a1', { creditId: 'p1#1' }),
      ask('ReverseCreditApplication', 'u1', { applicationId: 'a1' }),
      ask('DisputeFee', 'd1', { feeId: 'f1' }),
    ]);
    const { lines, closing } = accountStatement(events, policy, { patron });
    expect(lines.map(({ kind, amount, balance }) => [kind, amount, balance])).toEqual([
      ['payment', '-3.00', '-3.00'],
      ['assessed', '10.00', '7.00'],
    ]);
    expect(closing).toEqual({
      version: 5,
      balance: '7.00',
      active: '-3.00',
      disputed: '10.00',
      transferred: '0.00',
    });
  });

  it('show transfers to an external system and recalls, of fees and of credits', () => {
    const events = accountWith([
      ask('AssessFee', 'f1', { feeType: 'OTHER', amount: '10', owner: 'MAIN' }),
      ask('TransferFees', 't1', { fees: [{ feeId: 'f1' }], expectsSettlement: true, destination: 'BURSAR' }),
      ask('SettleTransfer', 's1', { transferId: 't1', amount: '4' }),
      ask('RecallTransfer', 'b1', { transferId: 't1' }),
      ask('ReceivePayment', 'p1', { amount: '8', method: 'CASH' }),
      ask('TransferFees', 't2', { credits: [{ creditId: 'p1#1' }], expectsSettlement: true }),
      ask('RecallTransfer', 'b2', { transferId: 't2' }),
    ]);
    const { lines, closing } = accountStatement(events, policy, { patron });
    expect(lines.map(({ kind, amount, balance, undoes }) => [kind, amount, balance, undoes])).toEqual([
      ['assessed', '10.00', '10.00', null],
      ['transfer', '-10.00', '0.00', null],
      ['recall', '6.00', '6.00', 't1'],
      ['payment', '-8.00', '-2.00', null],
      ['transfer', '2.00', '0.00', null],
      ['recall', '-2.00', '-2.00', 't2'],
    ]);
    expect(lines[1]?.destinationLabel).toBe(lines[2]?.destinationLabel);
    expect(lines[4]?.creditId).toBe('p1#1');
    expect(closing.transferred).toBe('0.00');
  });

  it('show the used part of a reversed payment as the fee that it is charged to', () => {
    const events = accountWith([
      ask('ReceivePayment', 'p1', { amount: '5', method: 'CASH' }),
      ask('AssessFee', 'f1', { feeType: 'OTHER', amount: '5', owner: 'MAIN' }),
      ask('ApplyCredit', 'a1', { creditId: 'p1#1' }),
      ask('ReversePayment', 'r1', {
        paymentId: 'p1',
        shortfallFee: { feeId: 'f2', feeType: 'OTHER', owner: 'MAIN' },
      }),
    ]);
    expect(linesOf(events).map(({ kind, amount, balance }) => [kind, amount, balance])).toEqual([
      ['payment', '-5.00', '-5.00'],
      ['assessed', '5.00', '0.00'],
      ['assessed', '5.00', '5.00'],
      ['paymentReversed', '0.00', '5.00'],
    ]);
  });
});

describe('the period of a statement', () => {
  const [first, late] = accountWith([
    ask('AssessFee', 'f1', { feeType: 'OTHER', amount: '5', owner: 'MAIN', at: '2026-03-20T12:00:00Z' }),
    ask('ReceivePayment', 'p1', { amount: '2', method: 'CREDIT_CARD', at: '2026-03-31T12:00:00Z' }),
  ]).map(({ event }) => event);
  const events = recorded(
    [first, late] as never,
    (index) => ['2026-03-20T12:00:00Z', '2026-04-02T08:00:00Z'][index] as never,
  );
  const march = {
    from: { recordedAt: '2026-03-01T00:00:00Z' },
    before: { recordedAt: '2026-04-01T00:00:00Z' },
  };
  const april = { from: march.before, before: { recordedAt: '2026-05-01T00:00:00Z' } };

  it('goes by the time of recording: a late report is in the next one', () => {
    const [one, two] = [march, april].map((period) =>
      accountStatement(events, policy, { patron, ...period }),
    );
    expect(one?.closing.balance).toBe('5.00');
    expect(one).toEqual(accountStatement(events.slice(0, 1), policy, { patron, ...march }));
    expect(two?.opening).toEqual(one?.closing);
    expect(two?.lines.map(({ at, amount }) => [at, amount])).toEqual([['2026-03-31T12:00:00Z', '-2.00']]);
  });

  it('includes its start, and excludes its end', () => {
    const at = { recordedAt: '2026-03-20T12:00:00Z' };
    expect(accountStatement(events, policy, { patron, before: at }).lines).toEqual([]);
    expect(accountStatement(events, policy, { patron, from: at, before: at }).lines).toEqual([]);
    const { opening, lines } = accountStatement(events, policy, { patron, from: at });
    expect([opening.balance, lines.length]).toEqual(['0.00', 2]);
  });

  it('must be valid', () => {
    const faulty: [object, string][] = [
      [{ from: { version: 3 } }, 'input.from.version'],
      [{ before: { version: -1 } }, 'input.before'],
      [{ from: { version: 2 }, before: { version: 1 } }, 'input.before'],
      [{ from: april.before, before: april.from }, 'input.before'],
      [{ from: { recordedAt: '2026-06-01T00:00:00Z' }, before: { version: 1 } }, 'input.before'],
      [{ from: '2026-03-01' }, 'input.from'],
      [{ from: { recordedAt: '2026-03-01' } }, 'input.from'],
      [{ before: null }, 'input.before'],
      [{ patron: {} }, 'input.patron.name'],
      [{ patron: undefined }, 'input.patron'],
      [{ until: march.before }, 'input.until'],
    ];
    for (const [input, path] of faulty) {
      expect(() => accountStatement(events, policy, { patron, ...input }), path).toThrow(
        expect.objectContaining({ code: 'INVALID_ARGUMENT', message: expect.stringContaining(path) }),
      );
    }
    expect(() => accountStatement(events.slice(1), policy, { patron })).toThrow(
      'a stream from its first event on',
    );
  });
});

describe('the statement of an account', () => {
  it('is zero without events, in the currency of the policy', () => {
    const yen = definePolicy({ currency: 'JPY' });
    const nothing = { version: 0, balance: '0', active: '0', disputed: '0', transferred: '0' };
    expect(accountStatement([], yen, { patron })).toEqual({
      patron,
      paymentPlans: [],
      currency: 'JPY',
      from: null,
      before: null,
      opening: nothing,
      lines: [],
      closing: nothing,
    });
  });

  it('shows codes if the policy no longer has the types, methods and reasons', () => {
    const events = accountWith([
      ask('AssessFee', 'f1', { feeType: 'LOST100', amount: '5', owner: 'MAIN' }),
      ask('WaiveFees', 'w1', { fees: [{ feeId: 'f1' }], reason: 'OTHER' }),
    ]);
    const forgetful = definePolicy({
      currency: 'USD',
      feeTypes: { NEW: { label: 'New' } },
      waiveReasons: { NEW: 'New' },
    });
    const [assessed, credit] = accountStatement(events, forgetful, { patron }).lines;
    expect(assessed?.fees[0]?.feeTypeLabel).toBe('LOST100');
    expect([credit?.kind, credit?.reasonLabel, credit?.balance]).toEqual(['creditIssued', 'OTHER', '0.00']);
  });

  it('is refused if the account does not fold, with the event that is at fault', () => {
    const good = accountWith([ask('ReceivePayment', 'p1', { amount: '5', method: 'CASH' })]).map(
      ({ event }) => event,
    );
    const twice = recorded([...good, ...good]);
    expect(() => fold(twice.map(({ event }) => event))).toThrow();
    for (const from of [undefined, { version: 1 }]) {
      expect(() => accountStatement(twice, policy, { patron, ...(from && { from }) })).toThrow(
        expect.objectContaining({
          code: 'CORRUPT_HISTORY',
          details: expect.objectContaining({ position: 2 }),
        }),
      );
    }
  });
});
