import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { refusalIn, refuse } from '../../src/account/decisionContext.js';
import {
  type AccountEvent,
  type CommandOf,
  decide,
  definePolicy,
  emptyAccount,
  findFee,
  fold,
} from '../../src/index.js';
import { arbitraries } from '../../src/testing/arbitraries/arbitraries.js';
import {
  accountAfter,
  ask,
  assess,
  assessLost,
  at,
  deepFrozen,
  pay,
  policy,
  refusalOf,
  waive,
} from '../support/account.js';
import { contextOf } from '../support/context.js';
import { seeded } from '../support/seeded.js';

describe('decisionContext', () => {
  const command: CommandOf<'DisputeFee'> = {
    type: 'DisputeFee',
    id: 'd1',
    feeId: 'a',
    at,
    by: { channel: 'desk' },
    reason: 'reason',
    comment: 'comment',
    staffNote: 'note',
    metadata: { correlationId: 'request', causationId: 'click' },
  };
  const account = accountAfter([assess('a', '6'), assessLost('lost', '60'), waive('w1', 'lost', '20')]);

  describe('the ids given by a command', () => {
    it('are the command id, then id#1, id#2 and so on', () => {
      const context = contextOf(account, command);
      expect([context.newId(), context.newId(), context.newId()]).toEqual(['d1', 'd1#1', 'd1#2']);
    });

    it('are refused if one is in use', () => {
      const context = contextOf(accountAfter([assess('d1#1', '1')], policy, account), command);
      expect(refusalIn(() => context.newId())).toBeUndefined();
      expect(refusalIn(() => context.newId())).toEqual({
        type: 'IdAlreadyUsed',
        id: 'd1#1',
      });
    });

    it('include the command id even after an earlier event without a row has recorded it', () => {
      const disputed = accountAfter([ask('DisputeFee', 'd0', { feeId: 'a' })], policy, account);
      const context = contextOf(disputed, command);
      context.emit('DisputeResolved', { disputeId: 'd0', feeId: 'a', outcome: 'withdrawn' });
      expect(context.newId()).toBe('d1');
    });
  });

  describe('the events of a decision', () => {
    it('carry circumstances, the id and the digest of the command, and its metadata', () => {
      const context = contextOf(account, command);
      context.emit('FeeDisputed', { disputeId: 'd1', feeId: 'a' });
      expect(context.events).toEqual([
        {
          type: 'FeeDisputed',
          data: {
            disputeId: 'd1',
            feeId: 'a',
            at,
            by: { channel: 'desk' },
            reason: 'reason',
            comment: 'comment',
            staffNote: 'note',
          },
          metadata: {
            commandId: 'd1',
            commandDigest: context.digest,
            correlationId: 'request',
            causationId: 'click',
          },
        },
      ]);
    });

    it('have reason and comments only if a person caused them', () => {
      const context = contextOf(account, command);
      context.follow('FeeDisputed', { disputeId: 'd1', feeId: 'a' });
      expect(context.events[0]?.data).toEqual({ disputeId: 'd1', feeId: 'a', at, by: { channel: 'desk' } });
    });

    it('omit undefined fields, so that they are plain JSON', () => {
      const context = contextOf(account);
      context.emit('CreditIssued', {
        creditId: 'c1',
        amount: '1.00',
        cause: 'imported',
        purpose: 'goodwill',
        owner: undefined,
        item: undefined,
      });
      expect(Object.keys(context.events[0]?.data ?? {})).toEqual([
        'creditId',
        'amount',
        'cause',
        'purpose',
        'currency',
        'at',
      ]);
      expect(JSON.parse(JSON.stringify(context.events))).toStrictEqual(context.events);
    });

    it('are visible at once to the rules that follow', () => {
      const context = contextOf(account);
      context.emit('FeeWaived', { waiverId: 'some', feeId: 'a', amount: '2.00' });
      expect(context.fee('a')?.waived).toBe(200);
      expect(context.fees().map(({ waived }) => waived)).toEqual([200, 0]);
      expect(findFee(account, 'a')?.waived).toBe(0);
    });

    it('have the currency of the policy if they have an amount', () => {
      const yen = definePolicy({ currency: 'JPY' });
      const context = contextOf(emptyAccount(), command, yen);
      context.follow('FeeAssessed', { feeId: 'y', feeType: 'OTHER', amount: '5', owner: 'MAIN' });
      context.emit('FeeDisputed', { disputeId: 'd1', feeId: 'y' });
      expect(context.events.map(({ data }) => 'currency' in data && data.currency)).toEqual(['JPY', false]);
    });
  });

  describe('a refusal', () => {
    const refusal = { type: 'NothingToTransfer' } as const;

    it('ends the rules at once', () => {
      const context = contextOf(account);
      const rules = () => {
        context.refuse(refusal);
        context.emit('FeeDisputed', { disputeId: 'some', feeId: 'a' });
      };
      expect(refusalIn(rules)).toEqual(refusal);
      expect(context.events).toEqual([]);
    });

    it('passes on other errors unchanged', () => {
      expect(refusalIn(() => undefined)).toBeUndefined();
      expect(() =>
        refusalIn(() => {
          throw new RangeError('a defect');
        }),
      ).toThrow(RangeError);
    });
  });

  describe('an account that is merged into another one', () => {
    it('refuses new fees, and names the account to use', () => {
      const merged = fold([{ type: 'AccountMerged', data: { mergeId: 'm1', into: 'p2', at } }], account);
      expect(refusalOf(decide(assess('f1', '1.00'), merged, policy))).toEqual({
        type: 'AccountMerged',
        into: 'p2',
      });
      expect(refusalIn(() => contextOf(account).refuseIfMerged())).toBeUndefined();
    });
  });

  describe('the rows available to a rule', () => {
    it('are found by kind and id, or undefined', () => {
      const context = contextOf(account);
      expect(context.find('fee', 'lost')).toBe(account.fees[1]);
      expect(context.find('credit', 'w1')).toBe(account.credits[0]);
      for (const id of ['w1', 'x', 'constructor']) expect(context.find('fee', id)).toBeUndefined();
      expect(context.fee('lost')).toBe(account.fees[1]);
    });

    it.each([
      ['fee', { type: 'FeeNotFound', feeId: 'x' }],
      ['credit', { type: 'CreditNotFound', creditId: 'x' }],
      ['payment', { type: 'PaymentNotFound', paymentId: 'x' }],
      ['waiver', { type: 'WaiverNotFound', waiverId: 'x' }],
      ['transfer', { type: 'TransferNotFound', transferId: 'x' }],
      ['settlement', { type: 'SettlementNotFound', settlementId: 'x' }],
      ['application', { type: 'CreditApplicationNotFound', applicationId: 'x' }],
      ['refund', { type: 'RefundNotFound', refundId: 'x' }],
    ] as const)('refuse the command without one: %s', (kind, refusal) => {
      expect(refusalIn(() => contextOf(account)[kind]('x'))).toEqual(refusal);
    });

    it('are the credits of a fee, oldest first', () => {
      const more = accountAfter([waive('w0', 'lost', '1')], policy, account);
      expect(
        contextOf(more)
          .creditsOf('lost')
          .map(({ creditId }) => creditId),
      ).toEqual(['w1', 'w0']);
      expect(contextOf(more).creditsOf('a')).toEqual([]);
      expect(contextOf(more).credits()).toBe(more.credits);
    });

    it('have amounts in the currency of the policy', () => {
      const context = contextOf(account);
      expect([context.minor('12.50'), context.money(1250)]).toEqual([1250, '12.50']);
    });
  });
});

it('returns the refusal that ended the rules, and passes every error on', () => {
  const refusal = { type: 'FeeNotFound', feeId: 'f1' } as const;
  expect(refusalIn(() => refuse(refusal))).toBe(refusal);
  expect(refusalIn(() => {})).toBeUndefined();
  const broken = new Error('broken');
  expect(() =>
    refusalIn(() => {
      throw broken;
    }),
  ).toThrow(broken);
});

describe('turnover', () => {
  const account = accountAfter([assess('a', '6'), assessLost('lost', '60'), waive('w1', 'lost', '20')]);

  describe("the account's total", () => {
    const most = 9_007_199_254_740_991;
    const fine = (id: string, total: string) =>
      ask('AccrueFine', id, { feeId: 'fine', feeType: 'OVERDUEFINE', total, owner: 'MAIN' });
    const nearly = deepFrozen({
      ...accountAfter([fine('i1', '1.00')], policy, account),
      turnover: most - 600,
    });

    it.each<[string, Parameters<typeof decide>[0]]>([
      ['fees', assess('f1', '6.01')],
      ['increases of a fine', fine('i2', '7.01')],
      ['credits', ask('IssueCredit', 'f1', { cause: 'imported', amount: '6.01' })],
      ['credits of fees', waive('f1', 'lost', '6.01')],
    ])('must be a safe integer: %s above it are refused', (_, asked) => {
      expect(refusalOf(decide(asked, nearly, policy))).toEqual({
        type: 'AccountTotalTooLarge',
        amount: '6.01',
      });
    });

    it('counts a payment and the credit from its overpayment', () => {
      const command = pay('p1', '6.01', { feeIds: ['a'], overpayment: 'credit' });
      expect(refusalOf(decide(command, nearly, policy))).toEqual({
        type: 'AccountTotalTooLarge',
        amount: '6.02',
      });
    });

    it('limits the commands that charge, pay in or issue a credit, and no others', () => {
      const inflows = [
        'FeeAssessed',
        'FeeIncreased',
        'PaymentReceived',
        'LostItemCreditIssued',
        'CreditIssued',
      ];
      // A fine that was waived can grow by nothing.
      const adds = ({ type, data }: AccountEvent) =>
        inflows.includes(type) && 'amount' in data && Number(data.amount) > 0;
      fc.assert(
        fc.property(arbitraries(fc).stories(), ({ steps }) => {
          for (const { command, before, decision, policy: inForce } of steps) {
            if (!decision.accepted || decision.events.length === 0) continue;
            const again = decide(command, { ...before, turnover: most }, inForce);
            if (!decision.events.some(adds)) expect(again).toEqual(decision);
            else expect(refusalOf(again)).toMatchObject({ type: 'AccountTotalTooLarge' });
          }
        }),
        seeded('the largest total limits inflows only'),
      );
    });

    it('may reach the largest safe integer', () => {
      expect(decide(assess('f1', '6.00'), nearly, policy).accepted).toBe(true);
      expect(decide(fine('i2', '7.00'), nearly, policy).accepted).toBe(true);
      expect(decide(pay('p1', '6.00'), nearly, policy).accepted).toBe(true);
    });

    it('does not limit a fine that was waived, lowered and reported again: it does not grow', () => {
      const told = [fine('i1', '1.00'), waive('w2', 'fine'), fine('i2', '0.00')];
      const full = { ...accountAfter(told, policy, account), turnover: most };
      expect(decide(fine('i3', '1.00'), full, policy)).toMatchObject({
        accepted: true,
        events: [{ type: 'FeeIncreased', data: { amount: '0.00', total: '1.00' } }],
      });
    });

    it('does not limit commands that only move money: waive, cancel, reverse a refund, transfer', () => {
      const full = { ...nearly, turnover: most };
      expect(decide(waive('x1', 'a'), full, policy).accepted).toBe(true);
      expect(decide(ask('CancelFee', 'x1', { feeId: 'a' }), full, policy).accepted).toBe(true);
      const refunded = accountAfter(
        [
          ask('IssueCredit', 'c1', { cause: 'imported', amount: '2' }),
          ask('RefundCredit', 'b1', { creditId: 'c1', method: 'CASH' }),
        ],
        policy,
        account,
      );
      const back = ask('ReverseRefund', 'x1', { refundId: 'b1' });
      expect(decide(back, { ...refunded, turnover: most }, policy).accepted).toBe(true);
      expect(decide(ask('TransferFees', 'x1', { fees: [{ feeId: 'a' }] }), full, policy).accepted).toBe(true);
    });
  });
});
