import { describe, expect, it } from 'vitest';
import {
  balancesInMinorUnits,
  type Channel,
  type CommandOf,
  decide,
  definePolicy,
  emptyAccount,
  findFee,
  fold,
  type PatronAccount,
} from '../../../src/index.js';
import {
  accountAfter,
  ask,
  assess,
  assessLost,
  creditNow,
  fact,
  factsOf,
  feeNow,
  forgetfulPolicy,
  pay,
  policy,
  policyWith,
  refusalOf,
  transfer,
  waive,
} from '../../support/account.js';
import { assessed } from '../../support/events.js';

type Given = Partial<CommandOf<'AccrueFine'>>;

/** Brings the fine `a` of a loan to a total; without a total it stays as it is. */
const accrue = (id: string, total: string | undefined, more: Given = {}) =>
  ask('AccrueFine', id, {
    feeId: 'a',
    feeType: 'OVERDUEFINE',
    owner: 'MAIN',
    loanId: 'loan',
    ...more,
    ...(total === undefined ? {} : { total }),
  });
const accruedNow = (account: PatronAccount, feeId = 'a') => findFee(account, feeId)?.accrual;
const accountWith = (commands: Parameters<typeof accountAfter>[0], account?: PatronAccount) =>
  accountAfter(commands, policy, account);
const grown = accountWith([accrue('n1', '100'), accrue('n2', '150')]);

describe('accrueFine', () => {
  it('charges the fine on the first report, as a fee that grows', () => {
    const item = { title: 'Walden' };
    const command = { ...accrue('n1', '2.5', { item }), comment: 'three days late' };
    expect(factsOf(decide(command, emptyAccount(), policy))).toEqual([
      fact('FeeAssessed', {
        feeId: 'a',
        feeType: 'OVERDUEFINE',
        amount: '2.50',
        total: '2.50',
        owner: 'MAIN',
        accruing: true,
        item,
        loanId: 'loan',
        comment: 'three days late',
      }),
    ]);
  });

  it('increases the fine by the difference to the charged amount', () => {
    expect(factsOf(decide(accrue('n2', '150'), accountWith([accrue('n1', '100')]), policy))).toEqual([
      fact('FeeIncreased', { increaseId: 'n2', feeId: 'a', amount: '50.00', total: '150.00' }),
    ]);
    expect(findFee(grown, 'a')).toMatchObject({ original: 15_000, accrual: { accrued: 15_000 } });
  });

  it('charges no fine of zero, and changes nothing if the total is the same', () => {
    for (const total of ['0', '0.00', '0.0'])
      expect(factsOf(decide(accrue('n1', total), emptyAccount(), policy))).toEqual([]);
    expect(factsOf(decide(accrue('n3', '150'), grown, policy))).toEqual([]);
    expect(factsOf(decide(accrue('n1', undefined, { ends: 'returned' }), emptyAccount(), policy))).toEqual(
      [],
    );
  });

  it('ends the fine, with the given total or the current one', () => {
    const withoutTotal = accrue('n3', undefined, { ends: 'returned' });
    const end = { endId: 'n3', feeId: 'a', cause: 'returned' } as const;
    expect(factsOf(decide(withoutTotal, grown, policy))).toEqual([
      fact('AccrualEnded', { ...end, total: '150.00' }),
    ]);
    expect(factsOf(decide(accrue('n3', '152', { ends: 'returned' }), grown, policy))).toEqual([
      fact('FeeIncreased', { increaseId: 'n3', feeId: 'a', amount: '2.00', total: '152.00' }),
      fact('AccrualEnded', { ...end, endId: 'n3#1', total: '152.00' }),
    ]);
    expect(factsOf(decide(accrue('n1', '3', { ends: 'lost' }), emptyAccount(), policy))).toMatchObject([
      { type: 'FeeAssessed', data: { feeId: 'a' } },
      { type: 'AccrualEnded', data: { endId: 'n1', cause: 'lost', total: '3.00' } },
    ]);
    expect(accruedNow(accountWith([withoutTotal], grown))).toEqual({
      accrued: 15_000,
      reportedTotal: 15_000,
      reportedAt: '2026-03-02T09:00:00Z',
      total: 15_000,
      endedAt: '2026-03-02T09:00:00Z',
      endCause: 'returned',
    });
  });

  it('decreases the owed amount first, then gives back what was paid', () => {
    const command = { ...accrue('n3', '30'), reason: 'closed that week', comment: 'we were closed' };
    const said = { reason: 'closed that week', comment: 'we were closed' };
    expect(factsOf(decide(command, accountWith([pay('p1', '40')], grown), policy))).toEqual([
      fact('FeeCancelled', {
        cancellationId: 'n3',
        feeId: 'a',
        amount: '110.00',
        accrual: true,
        total: '30.00',
        ...said,
      }),
      fact('CreditIssued', {
        creditId: 'n3#1',
        amount: '10.00',
        cause: 'cancelled',
        purpose: 'refundable',
        feeId: 'a',
        owner: 'MAIN',
        accrual: true,
        ...said,
      }),
    ]);
  });

  it('decreases the owed amount by zero if all of the decrease had been paid', () => {
    const paid = accountWith([pay('p1', '150')], grown);
    expect(factsOf(decide(accrue('n3', '140'), paid, policy))).toMatchObject([
      { type: 'FeeCancelled', data: { amount: '0.00', accrual: true } },
      { type: 'CreditIssued', data: { amount: '10.00', accrual: true } },
    ]);
  });
});

// Numbered as in test/overdue/otherSystems.test.ts.
describe('the figures of Koha (Koha/Account/Line.t and Overdues.t)', () => {
  it('K15: 100, then 150; 40 paid; then 160, 50, 30: owed 150, 110, 120, 10, 0 and a refundable credit of 10', () => {
    const steps = [accrue('n2', '150'), pay('p1', '40'), accrue('n3', '160'), accrue('n4', '50')];
    let account = accountWith([accrue('n1', '100')]);
    const owed = [...steps, accrue('n5', '30')].map((step) => {
      account = accountWith([step], account);
      return feeNow(account, 'a').owed;
    });
    expect(owed).toEqual(['150.00', '110.00', '120.00', '10.00', '0.00']);
    expect(account.credits).toHaveLength(1);
    expect(creditNow(account, 'n5#1')).toEqual({
      purpose: 'refundable',
      unused: '10.00',
      status: 'active',
    });
    expect(accruedNow(account)?.accrued).toBe(3_000);
    expect(findFee(account, 'a')?.original).toBe(16_000);
  });

  it('K17: of 100, 60 waived and 30 paid, then 0: a credit of 30', () => {
    const account = accountWith([
      accrue('n1', '100'),
      waive('w1', 'a', '60'),
      pay('p1', '30'),
      accrue('n2', '0'),
    ]);
    expect(feeNow(account, 'a').owed).toBe('0.00');
    expect(account.credits.map(({ creditId }) => creditNow(account, creditId))).toEqual([
      { purpose: 'refundable', unused: '30.00', status: 'active' },
    ]);
    // A waived amount is not given back: 10 were owed and 30 paid.
    expect(accruedNow(account)?.accrued).toBe(6_000);
    expect(balancesInMinorUnits(account)).toMatchObject({ active: -3_000, owed: 0 });
  });

  it('K14: a paid fine that grows is the same fine (bug 24146), and a repeated total owes nothing (bug 27079)', () => {
    const paid = accountWith([accrue('n1', '1.80'), pay('p1', '1.80'), accrue('n2', '1.80')]);
    expect(paid.credits).toEqual([]);
    const more = accountWith([accrue('n3', '1.95')], paid);
    expect(more.fees).toHaveLength(1);
    expect(feeNow(more, 'a')).toEqual({ remaining: '0.15', owed: '0.15', status: 'active' });
  });

  it('K8 to K12: MaxFine of 100: nothing, 50, then 80 of one loan, then 20 of 30 of another, and all of it once the first was paid down', () => {
    const limited = policyWith({ accrualLimits: { OVERDUEFINE: '100.00' } });
    const second = (id: string, total: string) => accrue(id, total, { feeId: 'b', loanId: 'other' });
    expect(factsOf(decide(accrue('n0', '0'), accountAfter([]), limited))).toEqual([]);
    const first = accountAfter([accrue('n1', '50'), accrue('n2', '80'), second('n3', '30')], limited);
    expect(feeNow(first, 'b').owed).toBe('20.00');
    expect(factsOf(decide(second('n4', '40'), first, limited))).toEqual([]);
    const paid = accountAfter([pay('p1', '30', { feeIds: ['a'] }), second('n5', '30')], limited, first);
    expect([feeNow(paid, 'a').owed, feeNow(paid, 'b').owed]).toEqual(['50.00', '30.00']);
    // A fine of a third loan is limited to 20 and paid. It grows by 20 more: no new fee (bug 24146).
    const third = (id: string, total: string) => accrue(id, total, { feeId: 'c', loanId: 'third' });
    const all = accountAfter(
      [third('n6', '30'), pay('p2', '20', { feeIds: ['c'] }), third('n7', '50')],
      limited,
      paid,
    );
    expect(all.fees.map(({ feeId, original }) => [feeId, original])).toEqual([
      ['a', 8_000],
      ['b', 3_000],
      ['c', 4_000],
    ]);
    expect(feeNow(all, 'c').owed).toBe('20.00');
    expect(balancesInMinorUnits(all).owed).toBe(10_000);
  });
});

describe('a limit of growth', () => {
  it('counts what is owed in the other accounts of the patron', () => {
    const rules = policyWith({ accrualLimits: { OVERDUEFINE: '5.00' } });
    const others = [accountAfter([assess('x', '3.00'), assess('y', '9.00', { feeType: 'OTHER' })])];
    const charged = (given: typeof others) =>
      decide(accrue('n1', '4'), accountAfter([]), rules, { others: given }).events.map(({ data }) => data);
    expect(charged(others)).toMatchObject([{ amount: '2.00' }]);
    expect(charged([...others, ...others])).toEqual([]);
    expect(charged([])).toMatchObject([{ amount: '4.00' }]);
  });

  const limited = policyWith({ accrualLimits: { OVERDUEFINE: '5.00' } });

  it('charges no fee at the limit, which counts disputed fees and fees charged once', () => {
    const full = accountAfter(
      [assess('x', '3'), assess('y', '2'), ask('DisputeFee', 'd1', { feeId: 'x' })],
      limited,
    );
    expect(factsOf(decide(accrue('n1', '1'), full, limited))).toEqual([]);
    expect(factsOf(decide(accrue('n1', '1', { ends: 'returned' }), full, limited))).toEqual([]);
  });

  it('ends the fine with the reported total, even if less was charged', () => {
    const account = accountAfter([accrue('n1', '8', { ends: 'returned' })], limited);
    expect(accruedNow(account)).toMatchObject({ accrued: 500, total: 800 });
    expect(factsOf(decide(accrue('n2', '8'), account, limited))).toEqual([]);
  });

  it('charges a part of the total, and the next part after a payment; the fine falls below the charged amount only', () => {
    const paid = accountAfter([accrue('n1', '8'), pay('p1', '3'), accrue('n2', '6')], limited);
    expect([feeNow(paid, 'a').owed, accruedNow(paid)?.accrued]).toEqual(['3.00', 600]);
    const lower = accountAfter([accrue('n3', '4')], limited, paid);
    expect([feeNow(lower, 'a').owed, lower.credits]).toEqual(['1.00', []]);
    const lowest = accountAfter([accrue('n4', '2')], limited, lower);
    expect([feeNow(lowest, 'a').owed, creditNow(lowest, 'n4#1').unused]).toEqual(['0.00', '1.00']);
    const again = accountAfter([accrue('n5', '9')], limited, lowest);
    expect([feeNow(again, 'a').owed, accruedNow(again)?.accrued]).toEqual(['5.00', 700]);
  });

  it('does not count other types, and does not apply to reports without a limit', () => {
    const other = accountAfter([assess('x', '9', { feeType: 'OTHER' }), accrue('n1', '8')], limited);
    expect(feeNow(other, 'a').owed).toBe('5.00');
    expect(feeNow(accountWith([accrue('n1', '8')]), 'a').owed).toBe('8.00');
  });

  it('is validated, with its path, when the policy is defined', () => {
    const faults = (accrualLimits: Record<string, string>) => {
      try {
        definePolicy({ currency: 'USD', accrualLimits });
        return [];
      } catch (error) {
        return (error as { details: { faults: unknown } }).details.faults;
      }
    };
    expect(faults({ OVERDUEFINE: '100' })).toEqual([]);
    expect(faults({ OVERDUEFINE: '0' })).toMatchObject([{ path: 'accrualLimits.OVERDUEFINE' }]);
    expect(faults({ NOSUCH: '1' })).toEqual([
      {
        path: 'accrualLimits.NOSUCH',
        expected: 'a fee type of this policy',
        found: '"NOSUCH"',
      },
    ]);
    expect(faults({ LOSTITEMREPLACEMENTFEE: '1' })).toMatchObject([
      { expected: 'a fee type that is not for lost items' },
    ]);
  });
});

describe('a fine that decreases', () => {
  it('keeps a correction by hand: what staff cancelled is not charged again', () => {
    const corrected = accountWith([ask('CancelFee', 'x1', { feeId: 'a', amount: '120' })], grown);
    expect(factsOf(decide(accrue('n3', '150'), corrected, policy))).toEqual([]);
    expect(feeNow(accountWith([accrue('n3', '155')], corrected), 'a').owed).toBe('35.00');
  });

  it('gives back nothing of a waived fine, and continues from the charged amount', () => {
    const waived = accountWith([waive('w1', 'a')], grown);
    const lowered = { cancellationId: 'n3', feeId: 'a', amount: '0.00', accrual: true, total: '140.00' };
    expect(factsOf(decide(accrue('n3', '140'), waived, policy))).toEqual([fact('FeeCancelled', lowered)]);
    expect(feeNow(accountWith([accrue('n3', '160')], waived), 'a').owed).toBe('10.00');
  });

  it('keeps as owed the cash that was refunded before the payment was reversed', () => {
    const cash = accountWith([
      accrue('n1', '10'),
      pay('p1', '10'),
      accrue('n2', '4'),
      ask('RefundCredit', 'r1', { creditId: 'n2#1', method: 'CASH' }),
      ask('ReversePayment', 'v1', { paymentId: 'p1' }),
    ]);
    // 4 are the fine, 6 went out in cash.
    expect(feeNow(cash, 'a').owed).toBe('10.00');
    expect(feeNow(accountWith([accrue('n3', '0')], cash), 'a').owed).toBe('6.00');
  });

  it('that increases again leaves a credit beside the owed amount; the balance stays the same', () => {
    const account = accountWith([accrue('n1', '10'), pay('p1', '10'), accrue('n2', '4'), accrue('n3', '10')]);
    expect(feeNow(account, 'a').owed).toBe('6.00');
    expect(creditNow(account, 'n2#1').unused).toBe('6.00');
    expect(balancesInMinorUnits(account).active).toBe(0);
  });

  it('reaches its final total when the obstacle is undone', () => {
    const ended = accountWith([waive('w1', 'a', '100'), accrue('n3', '20', { ends: 'returned' })], grown);
    expect(accruedNow(ended)).toMatchObject({ accrued: 10_000, total: 2_000 });
    const command = { ...ask('ReverseWaiver', 'u1', { waiverId: 'w1' }), reason: 'by mistake' };
    expect(factsOf(decide(command, ended, policy))).toEqual([
      fact('WaiverReversed', {
        reversalId: 'u1',
        waiverId: 'w1',
        feeId: 'a',
        amount: '100.00',
        reason: 'by mistake',
      }),
      fact('FeeCancelled', {
        cancellationId: 'u1#1',
        feeId: 'a',
        amount: '80.00',
        accrual: true,
        total: '20.00',
      }),
    ]);
    expect(feeNow(accountWith([command], ended), 'a').owed).toBe('20.00');
  });
});

describe('a fine after waivers, corrections and disputes', () => {
  const told = (...commands: Parameters<typeof accountAfter>[0]) => accountWith(commands);
  const ended = accrue('n9', undefined, { ends: 'returned' });
  const unwaived = ask('ReverseWaiver', 'u1', { waiverId: 'w1' });

  it('reported as 8, waived 6, reported as 4, ended without a total, waiver undone: 4 is owed', () => {
    const account = told(accrue('n1', '8'), waive('w1', 'a', '6'), accrue('n2', '4'), ended);
    expect(accruedNow(account)).toMatchObject({ accrued: 600, total: 400 });
    expect(feeNow(accountWith([unwaived], account), 'a').owed).toBe('4.00');
  });

  it('is kept when nothing can be taken back: reported as 8, waived in full, reported as 4, waiver undone, ended: 4 is owed', () => {
    const account = told(accrue('n1', '8'), waive('w1', 'a'), accrue('n2', '4'), unwaived);
    // A fine that grows on is lowered by the next report.
    expect(feeNow(account, 'a').owed).toBe('8.00');
    expect(feeNow(accountWith([ended], account), 'a').owed).toBe('4.00');
    expect(feeNow(accountWith([accrue('n3', '4')], account), 'a').owed).toBe('4.00');
  });

  it('rises again with an event of zero if the lower total could not be taken back', () => {
    const lowered = told(accrue('n1', '8'), waive('w1', 'a'), accrue('n2', '4'));
    const facts = factsOf(decide(accrue('n3', '8'), lowered, policy));
    expect(facts).toEqual([
      fact('FeeIncreased', { increaseId: 'n3', feeId: 'a', amount: '0.00', total: '8.00' }),
    ]);
    const higher = accountWith([accrue('n3', '8'), ended], lowered);
    expect(accruedNow(higher)).toMatchObject({ accrued: 800, total: 800 });
  });

  it('is not raised when it ends if a limit or a clerk had reduced it', () => {
    const limited = policyWith({ accrualLimits: { OVERDUEFINE: '5.00' } });
    const cut = accountAfter([accrue('n1', '8')], limited);
    expect(accruedNow(cut)).toMatchObject({ accrued: 500, reportedTotal: 800 });
    for (const rules of [limited, policy]) {
      const account = accountAfter([ended], rules, cut);
      expect(accruedNow(account)).toMatchObject({ accrued: 500, total: 500 });
    }
    const byHand = told(accrue('n1', '8'), ask('CancelFee', 'x1', { feeId: 'a', amount: '3' }), ended);
    expect(feeNow(byHand, 'a').owed).toBe('5.00');
  });

  it('records no event for another total above a limit', () => {
    const limited = policyWith({ accrualLimits: { OVERDUEFINE: '5.00' } });
    const cut = accountAfter([accrue('n1', '8')], limited);
    expect(factsOf(decide(accrue('n2', '9'), cut, limited))).toEqual([]);
    // After a lower total that took nothing back, the limit allows no increase, and the fine stands at more again.
    const waived = accountAfter([waive('w1', 'a'), accrue('n2', '4'), assess('x', '5')], limited, cut);
    expect(factsOf(decide(accrue('n3', '9'), waived, limited))).toEqual([
      fact('FeeIncreased', { increaseId: 'n3', feeId: 'a', amount: '0.00', total: '9.00' }),
    ]);
  });

  it('is the total with which it ended, after a dispute that the patron won', () => {
    const account = told(
      accrue('n1', '8'),
      waive('w1', 'a', '5'),
      accrue('n2', '4'),
      accrue('n3', '6'),
      waive('w2', 'a', '0.50'),
      accrue('n4', '3'),
      accrue('n5', '7'),
      ask('DisputeFee', 'd1', { feeId: 'a' }),
      accrue('n6', '2'),
      accrue('n7', '7.50'),
      accrue('n8', '5'),
      ask('ResolveDispute', 'd2', { feeId: 'a', outcome: 'patronUpheld', remedy: 'waive', reason: 'OTHER' }),
    );
    expect(accruedNow(account)).toMatchObject({ accrued: 550, reportedTotal: 500, total: 500 });
    expect(feeNow(accountWith([unwaived], account), 'a').owed).toBe('4.50');
  });

  it('ends without a total although its type has retired', () => {
    const feeTypes = { OVERDUEFINE: { label: 'Overdue fine', retired: true } };
    const retired = definePolicy({ currency: 'USD', feeTypes });
    const cut = accountAfter([accrue('n1', '8')], policyWith({ accrualLimits: { OVERDUEFINE: '5.00' } }));
    expect(accruedNow(accountAfter([ended], retired, cut))).toMatchObject({ accrued: 500, total: 500 });
  });

  it('keeps goodwill that was used on it when it falls, as it keeps a waiver', () => {
    const account = told(
      accrue('n1', '10'),
      ask('IssueCredit', 'g1', { amount: '6', cause: 'manual', reason: 'GOODWILL' }),
      ask('ApplyCredit', 'y1', { creditId: 'g1' }),
      accrue('n2', '3'),
    );
    expect(feeNow(account, 'a').owed).toBe('0.00');
    expect(creditNow(account, 'g1').unused).toBe('0.00');
    expect(account.credits).toHaveLength(1);
  });
});

describe('reports of a fine that come late, name the wrong fee, or follow its end', () => {
  const late = { at: '2026-03-01T09:00:00Z' };

  it('are ignored if older than the last change, unless they end the fine', () => {
    expect(factsOf(decide(accrue('n3', '90', late), grown, policy))).toEqual([]);
    const backdated = accountWith([accrue('n3', '90', { ...late, ends: 'returned' })], grown);
    expect(feeNow(backdated, 'a').owed).toBe('90.00');
    expect(accruedNow(backdated)).toMatchObject({ endedAt: late.at, total: 9_000 });
  });

  it('are compared as instants, not as text', () => {
    const sameInstant = { at: '2026-03-02T04:00:00-05:00' };
    expect(factsOf(decide(accrue('n3', '151', sameInstant), grown, policy))).toHaveLength(1);
  });

  it('are refused for a fee that does not grow, or has another type, owner or loan', () => {
    const account = accountWith([assess('once', '2')], grown);
    expect(refusalOf(decide(accrue('n3', '3', { feeId: 'once' }), account, policy))).toEqual({
      type: 'FeeNotAccruing',
      feeId: 'once',
    });
    const differs = (more: Given) => refusalOf(decide(accrue('n3', '160', more), grown, policy));
    const of = { type: 'AccruingFeeDiffers', feeId: 'a' };
    expect(differs({ feeType: 'OTHER' })).toEqual({
      ...of,
      field: 'feeType',
      recorded: 'OVERDUEFINE',
      given: 'OTHER',
    });
    expect(differs({ owner: 'LAW' })).toEqual({ ...of, field: 'owner', recorded: 'MAIN', given: 'LAW' });
    expect(differs({ loanId: 'x' })).toEqual({ ...of, field: 'loanId', recorded: 'loan', given: 'x' });
  });

  it('are refused after the end, except the final total', () => {
    const ended = accountWith([accrue('n3', undefined, { ends: 'renewed' })], grown);
    for (const again of [accrue('n4', '150'), accrue('n4', undefined, { ends: 'returned' })])
      expect(factsOf(decide(again, ended, policy))).toEqual([]);
    expect(refusalOf(decide(accrue('n4', '151'), ended, policy))).toEqual({
      type: 'AccrualHasEnded',
      feeId: 'a',
      total: '150.00',
      requested: '151.00',
    });
    expect(refusalOf(decide(accrue('n4', '0'), ended, policy))).toMatchObject({ type: 'AccrualHasEnded' });
  });

  it('are ignored after the end if a program reports an earlier end, and refused if a person does', () => {
    const end = (at: string, total: string, channel?: Channel) =>
      accrue('n4', total, { at, ends: 'returned', ...(channel && { by: { channel } }) });
    const ended = accountWith([{ ...end('2026-03-03T09:00:00Z', '150'), id: 'n3' }], grown);
    for (const channel of ['job', 'import'] as const) {
      expect(factsOf(decide(end('2026-03-03T08:59:59Z', '10', channel), ended, policy))).toEqual([]);
      expect(refusalOf(decide(end('2026-03-03T09:00:00Z', '10', channel), ended, policy))).toMatchObject({
        type: 'AccrualHasEnded',
      });
    }
    for (const channel of [undefined, 'desk', 'selfCheck', 'online'] as const) {
      // A clerk backdates the return to the day of the book drop.
      expect(refusalOf(decide(end('2026-03-03T08:59:59Z', '10', channel), ended, policy))).toMatchObject({
        type: 'AccrualHasEnded',
        total: '150.00',
        requested: '10.00',
      });
      expect(factsOf(decide(end('2026-03-03T08:59:59Z', '150', channel), ended, policy))).toEqual([]);
    }
  });

  it('are refused for another type, owner or loan even if they are late', () => {
    for (const more of [{ feeType: 'OTHER' }, { owner: 'LAW' }, { loanId: 'x' }])
      expect(refusalOf(decide(accrue('n3', '1', { ...late, ...more }), grown, policy))).toMatchObject({
        type: 'AccruingFeeDiffers',
      });
  });

  it('change nothing if their total is zero and the fine does not exist, whatever they name', () => {
    for (const more of [{ feeType: 'NOSUCH' }, { feeType: 'LOST50' }, { owner: undefined } as never])
      expect(factsOf(decide(accrue('n1', '0', more), emptyAccount(), policy))).toEqual([]);
  });

  it('need an owner, and a known fee type that is neither retired nor for lost items', () => {
    const refused = (more: Given) => refusalOf(decide(accrue('n1', '3', more), emptyAccount(), policy));
    expect(refused({ feeType: 'NOSUCH' })).toEqual({
      type: 'FeeTypeUnknown',
      known: expect.anything(),
      feeType: 'NOSUCH',
    });
    expect(refused({ feeType: 'OLDFINE' })).toEqual({ type: 'FeeTypeRetired', feeType: 'OLDFINE' });
    expect(refused({ feeType: 'LOST50' })).toEqual({ type: 'FeeTypeIsLostItem', feeType: 'LOST50' });
    expect(refused({ owner: undefined } as never)).toEqual({ type: 'FeeOwnerMissing' });
    // Even where a limit leaves no room, and nothing would be charged.
    const full = policyWith({ accrualLimits: { OVERDUEFINE: '1.00' } });
    const owing = accountAfter([assess('f', '1.00', { feeType: 'OVERDUEFINE' })], full);
    expect(factsOf(decide(accrue('n1', '3'), owing, full))).toEqual([]);
    expect(refusalOf(decide(accrue('n1', '3', { owner: undefined } as never), owing, full))).toEqual({
      type: 'FeeOwnerMissing',
    });
    const by = { channel: 'job', library: 'LAW' } as const;
    const owned = decide(accrue('n1', '3', { owner: undefined, by } as never), emptyAccount(), policy);
    expect(factsOf(owned)).toMatchObject([{ data: { owner: 'LAW' } }]);
  });

  it('can lower and end a fine of a type missing from the policy, but not raise it', () => {
    expect(factsOf(decide(accrue('n3', '1', { ends: 'other' }), grown, forgetfulPolicy))).toHaveLength(2);
    expect(refusalOf(decide(accrue('n3', '151'), grown, forgetfulPolicy))).toMatchObject({
      type: 'FeeTypeUnknown',
      known: expect.anything(),
    });
  });

  it('can lower and end a fine of a retired type, but not raise it', () => {
    const feeTypes = { OVERDUEFINE: { label: 'Overdue fine', retired: true } };
    const retired = definePolicy({ currency: 'USD', feeTypes });
    expect(factsOf(decide(accrue('n3', '1', { ends: 'other' }), grown, retired))).toHaveLength(2);
    expect(refusalOf(decide(accrue('n3', '151'), grown, retired))).toEqual({
      type: 'FeeTypeRetired',
      feeType: 'OVERDUEFINE',
    });
  });

  it('need a total unless they end the fine, and an id of their own', () => {
    expect(refusalOf(decide(accrue('n1', undefined), emptyAccount(), policy))).toMatchObject({
      type: 'InvalidCommand',
      faults: [{ path: 'total' }],
    });
    expect(refusalOf(decide(accrue('a', '1'), emptyAccount(), policy))).toMatchObject({
      type: 'InvalidCommand',
      faults: [{ path: 'feeId' }],
    });
    for (const total of ['-1', '0.001', '00', '0.', ''])
      expect(refusalOf(decide(accrue('n1', total), emptyAccount(), policy))).toMatchObject({
        type: 'InvalidCommand',
        faults: [{ path: 'total' }],
      });
  });

  it('refuse a fee id that is in use for another row', () => {
    const account = accountWith([assess('x', '5'), pay('p1', '5')]);
    expect(refusalOf(decide(accrue('n1', '1', { feeId: 'p1' }), account, policy))).toMatchObject({
      type: 'IdAlreadyUsed',
      id: 'p1',
    });
  });
});

describe('while a fine grows', () => {
  it('it is not transferred, by name or as eligible, until it has ended', () => {
    expect(refusalOf(decide(transfer('t1', 'a'), grown, policy))).toEqual({
      type: 'FeeStillAccruing',
      feeId: 'a',
    });
    const eligible = ask('TransferFees', 't1', { eligible: { fees: {} } });
    expect(refusalOf(decide(eligible, grown, policy))).toMatchObject({ type: 'NothingToTransfer' });
    const ended = accountWith([accrue('n3', undefined, { ends: 'returned' })], grown);
    expect(factsOf(decide(eligible, ended, policy))).toMatchObject([{ type: 'FeeTransferred' }]);
  });

  it('its age counts from the end, not from the first day', () => {
    const end = accrue('n3', undefined, { ends: 'returned', at: '2026-05-01T09:00:00Z' });
    const ended = accountWith([end], grown);
    const inDays = (day: string) =>
      decide(
        ask('TransferFees', 't1', {
          at: `2026-05-${day}T09:00:00Z`,
          eligible: { fees: { minimumAgeDays: 10 } },
        }),
        ended,
        policy,
      ).accepted;
    expect([inDays('10'), inDays('11')]).toEqual([false, true]);
  });

  it('a dispute won by the patron ends it, a dispute lost does not', () => {
    const disputed = accountWith([ask('DisputeFee', 'd1', { feeId: 'a' })], grown);
    expect(feeNow(accountWith([accrue('n3', '160')], disputed), 'a')).toMatchObject({
      owed: '160.00',
      status: 'disputed',
    });
    const upheld = (remedy: 'waive' | 'cancel') =>
      accountWith(
        [ask('ResolveDispute', 'd2', { feeId: 'a', outcome: 'patronUpheld', remedy, reason: 'OTHER' })],
        disputed,
      );
    for (const remedy of ['waive', 'cancel'] as const) {
      expect(accruedNow(upheld(remedy))).toMatchObject({ total: 15_000, endCause: 'other' });
      expect(feeNow(upheld(remedy), 'a').owed).toBe('0.00');
    }
    const rejected = accountWith(
      [ask('ResolveDispute', 'd2', { feeId: 'a', outcome: 'feeStands' })],
      disputed,
    );
    expect(feeNow(accountWith([accrue('n3', '160')], rejected), 'a').owed).toBe('160.00');
    const again = accountWith(
      [ask('DisputeFee', 'd1', { feeId: 'a' })],
      accountWith([accrue('n3', '150', { ends: 'lost' })], grown),
    );
    const late = ask('ResolveDispute', 'd2', { feeId: 'a', outcome: 'patronUpheld', remedy: 'cancel' });
    expect(factsOf(decide(late, again, policy)).map(({ type }) => type)).toEqual([
      'DisputeResolved',
      'FeeCancelled',
    ]);
  });

  it('an increase that makes the account too large is refused', () => {
    const fees = Array.from({ length: 9_007 }, (_, index) => assessed(`f${index}`, '9999999999.99'));
    const full = fold([...fees, assessed('a', '1.00', { feeType: 'OVERDUEFINE', accruing: true })]);
    const command = accrue('n2', '9999999999.99', { loanId: undefined } as never);
    expect(refusalOf(decide(command, full, policy))).toEqual({
      type: 'AccountTotalTooLarge',
      amount: '9999999998.99',
    });
  });

  it('it cannot have a lost-item type', () => {
    expect(accruedNow(accountWith([assessLost('lost', '20')]), 'lost')).toBeNull();
  });
});
