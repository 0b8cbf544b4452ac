import { describe, expect, it } from 'vitest';
import { refusalIn } from '../../src/account/refusing.js';
import { type CommandOf, decide, definePolicy, emptyAccount, findFee, fold } from '../../src/index.js';
import { accountAfter, ask, assess, assessLost, at, policy, refusalOf, waive } from '../support/account.js';
import { contextOf } from '../support/context.js';

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
