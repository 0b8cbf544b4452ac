import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { fold } from '../../src/account/fold.js';
import { balancesInMinorUnits, emptyAccount, type PatronAccount } from '../../src/account/patronAccount.js';
import { formatAmount } from '../../src/money/money.js';
import { definePolicy, type FeePolicy } from '../../src/policy/feePolicy.js';
import { blocks } from '../../src/views/blocks.js';
import { tried } from '../support/seeded.js';
import { histories } from './histories.js';
import { assessed, credited, disputed, lost, transferred, waivedLost } from './story.js';

const policy = definePolicy({
  currency: 'USD',
  blockLimits: {
    STUDENT: [{ amount: '10.00' }, { amount: '10.00', limitItselfBlocks: true }],
    STAFF: [{ amount: '10.00', excludedFeeTypes: ['LOSTITEMREPLACEMENTFEE', 'OTHER', 'OTHER'] }],
    GUEST: [],
  },
});

/** Whether each limit of a group is broken after some events. */
function broken(
  group: string,
  ...events: Parameters<typeof fold>[0] extends Iterable<infer Event> ? Event[] : never
) {
  return blocks(fold(events), policy, { group }).limits.map((limit) => limit.broken);
}

describe('blocks', () => {
  it('blocks at the limit only if limitItselfBlocks', () => {
    expect(broken('STUDENT', assessed('f1', '9.99'))).toEqual([false, false]);
    expect(broken('STUDENT', assessed('f1', '10.00'))).toEqual([false, true]);
    expect(broken('STUDENT', assessed('f1', '10.01'))).toEqual([true, true]);
  });

  it('returns every limit with its figures', () => {
    expect(blocks(fold([assessed('f1', '12.00')]), policy, { group: 'STAFF' })).toStrictEqual({
      group: 'STAFF',
      limitsOf: 'STAFF',
      currency: 'USD',
      blocked: true,
      limits: [
        {
          amount: '10.00',
          limitItselfBlocks: false,
          excludedFeeTypes: ['LOSTITEMREPLACEMENTFEE', 'OTHER', 'OTHER'],
          excusesPaymentPlans: false,
          owed: '12.00',
          owedDisputed: '0.00',
          owedAccruing: '0.00',
          owedExcused: '0.00',
          broken: true,
        },
      ],
    });
  });

  describe('with payment plans', () => {
    const rules = definePolicy({
      currency: 'USD',
      blockLimits: { MEMBER: [{ amount: '10.00', excusesPaymentPlans: true }, { amount: '10.00' }] },
    });
    const agreed = {
      type: 'PaymentPlanAgreed',
      data: {
        planId: 'n1',
        feeIds: ['f1'],
        currency: 'USD',
        instalments: [{ dueOn: '2026-04-01', amount: '40.00' }],
        at: '2026-03-02T09:00:00Z',
      },
    } as const;
    const account = fold([assessed('f1', '40.00'), assessed('f2', '9.00'), agreed, disputed('d1', 'f1')]);
    const limits = (on: string) => blocks(account, rules, { group: 'MEMBER', on }).limits;

    it('excuses their fees while the patron is not behind, if the limit says so', () => {
      expect(limits('2026-03-31')).toMatchObject([
        { owed: '9.00', owedDisputed: '0.00', owedExcused: '40.00', broken: false },
        { owed: '49.00', owedDisputed: '40.00', owedExcused: '0.00', broken: true },
      ]);
      // What fell due since the fee is disputed may not be paid, so the patron is not behind.
      expect(limits('2026-04-01')).toMatchObject([
        { owed: '9.00', owedDisputed: '0.00', owedExcused: '40.00', broken: false },
        { owed: '49.00', broken: true },
      ]);
    });

    it('does not excuse them once the patron is behind: a dispute lifts no block', () => {
      const dispute = disputed('d1', 'f1');
      const after = { ...dispute, data: { ...dispute.data, at: '2026-04-02T09:00:00Z' } };
      const late = fold([assessed('f1', '40.00'), agreed, after]);
      const [limit] = blocks(late, rules, { group: 'MEMBER', on: '2026-04-02' }).limits;
      expect(limit).toMatchObject({
        owed: '40.00',
        owedDisputed: '40.00',
        owedExcused: '0.00',
        broken: true,
      });
    });

    it('throws without a day if a limit of the group excuses plans', () => {
      for (const on of [undefined, '2026-02-30', 17]) {
        const options = on === undefined ? { group: 'MEMBER' } : { group: 'MEMBER', on: on as string };
        expect(() => blocks(account, rules, options)).toThrow('options.on');
      }
      expect(blocks(account, policy, { group: 'STAFF' }).limits.length).toBe(1);
    });
  });

  it('does not count excluded fee types', () => {
    expect(broken('STAFF', lost('f1', '40.00'), assessed('f2', '10.00'))).toEqual([false]);
    expect(broken('STAFF', assessed('f1', '40.00', { feeType: '__proto__' }))).toEqual([true]);
  });

  it('counts neither amounts set off by a waiver nor transferred amounts', () => {
    expect(broken('STUDENT', lost('f1', '40.00'), waivedLost('c1', 'f1', '30.00'))).toEqual([false, true]);
    expect(broken('STUDENT', assessed('f1', '40.00'), transferred('t1', 'f1', '40.00'))).toEqual([
      false,
      false,
    ]);
  });

  it('counts disputed fees and returns the disputed part', () => {
    const account = fold([assessed('f1', '11.00'), assessed('f2', '2.00'), disputed('d1', 'f1')]);
    const [limit] = blocks(account, policy, { group: 'STUDENT' }).limits;
    expect(limit).toMatchObject({ owed: '13.00', owedDisputed: '11.00', broken: true });
  });

  it('does not deduct unused credits', () => {
    expect(broken('STUDENT', assessed('f1', '11.00'), credited('c1', '11.00'))).toEqual([true, true]);
  });

  it('never blocks a group listed without limits', () => {
    expect(blocks(fold([assessed('f1', '999.00')]), policy, { group: 'GUEST' })).toEqual({
      group: 'GUEST',
      limitsOf: 'GUEST',
      currency: 'USD',
      blocked: false,
      limits: [],
    });
  });

  const unknown = ['PROFESSOR', '', '__proto__', 'constructor', 'toString'];

  it.each(unknown)('refuses an unknown group: %j', (group) => {
    expect(() => blocks(fold([assessed('f1', '999.00')]), policy, { group })).toThrow(
      expect.objectContaining({
        code: 'INVALID_ARGUMENT',
        message: `INVALID_ARGUMENT: options.group: expected a group with blockLimits in the policy (STUDENT, STAFF, GUEST), or limits for '*', found ${JSON.stringify(group)}`,
        details: { group, groups: ['STUDENT', 'STAFF', 'GUEST'] },
      }),
    );
    const without = definePolicy({ currency: 'USD' });
    expect(() => blocks(emptyAccount(), without, { group })).toThrow(/in the policy \(none\), or limits for/);
  });

  it.each(unknown)('uses the limits of * for an unknown group: %j', (group) => {
    const others = definePolicy({
      currency: 'USD',
      blockLimits: { GUEST: [], '*': [{ amount: '10.00' }] },
    });
    const account = fold([assessed('f1', '11.00')]);
    expect(blocks(account, others, { group })).toMatchObject({
      group,
      limitsOf: '*',
      blocked: true,
      limits: [{ amount: '10.00', owed: '11.00', broken: true }],
    });
    expect(blocks(account, others, { group: 'GUEST' }).blocked).toBe(false);
  });

  it('does not block a patron without events', () => {
    expect(blocks(emptyAccount(), policy, { group: 'STUDENT' }).blocked).toBe(false);
  });

  it('refuses a missing group and a policy in another currency', () => {
    for (const options of [undefined, null, {}, { group: 7 }]) {
      expect(() => blocks(emptyAccount(), policy, options as unknown as { group: string })).toThrow(
        /^INVALID_ARGUMENT: options/,
      );
    }
    const yen = fold([assessed('f1', '5', { currency: 'JPY' })]);
    expect(() => blocks(yen, policy, { group: 'STUDENT' })).toThrow(
      expect.objectContaining({
        code: 'INVALID_ARGUMENT',
        message: 'INVALID_ARGUMENT: the account and the policy have different currencies',
        details: { account: 'JPY', policy: 'USD' },
      }),
    );
    expect(() => blocks(emptyAccount(), {} as FeePolicy, { group: 'STUDENT' })).toThrow('INVALID_POLICY');
    expect(() => blocks({} as PatronAccount, policy, { group: 'STUDENT' })).toThrow('INVALID_ACCOUNT');
  });

  it('counts all that is owed if no type is excluded, is plain JSON, and does not change the account', () => {
    fc.assert(
      fc.property(histories, (events) => {
        const account = fold(events);
        const before = structuredClone(account);
        const view = blocks(account, policy, { group: 'STUDENT' });
        const { owed, payable } = balancesInMinorUnits(account);
        for (const limit of view.limits) {
          expect(limit.owed).toBe(formatAmount(owed, 2));
          expect(limit.owedDisputed).toBe(formatAmount(owed - payable, 2));
        }
        expect(view.blocked).toBe(owed >= 1_000);
        expect(JSON.parse(JSON.stringify(view))).toStrictEqual(view);
        expect(structuredClone(account)).toEqual(before);
      }),
      tried(1_000),
    );
  });
});
