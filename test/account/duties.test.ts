import { describe, expect, it } from 'vitest';
import {
  type Command,
  type Credit,
  decide,
  definePolicy,
  emptyAccount,
  fold,
  type PatronAccount,
} from '../../src/index.js';

const at = '2026-03-02T09:00:00Z';
const policy = definePolicy({
  currency: 'USD',
  overpayment: 'credit',
  duties: [
    ['AssessFee', 'WaiveFees', 'CancelFee'],
    ['IssueCredit', 'RefundCredit'],
    ['ReceivePayment', 'ReversePayment'],
  ],
});

type Given = Command & { readonly id: string };

const by = (userId: string | undefined, channel: 'desk' | 'job' = 'desk') => ({
  channel,
  ...(userId !== undefined && { userId }),
});
const assess = (id: string, userId?: string, more = {}) =>
  ({
    type: 'AssessFee',
    id,
    feeType: 'OTHER',
    amount: '5',
    owner: 'MAIN',
    at,
    by: by(userId),
    ...more,
  }) as Given;
const waive = (id: string, feeId: string, userId?: string) =>
  ({ type: 'WaiveFees', id, fees: [{ feeId }], reason: 'OTHER', at, by: by(userId) }) as Given;
const ask = (type: string, id: string, fields: object, userId?: string) =>
  ({ type, id, at, by: by(userId), ...fields }) as unknown as Given;

function accountAfter(...commands: readonly Given[]): PatronAccount {
  const free = definePolicy({ ...policy, duties: [] });
  const decision = decide(commands as never, emptyAccount(), free);
  if (!decision.accepted) throw new Error(JSON.stringify(decision.rejection));
  return fold(decision.events);
}

function refusal(command: Command | readonly Command[], account: PatronAccount, rules = policy) {
  const decision = decide(command as Command, account, rules);
  return decision.accepted ? null : decision.rejection;
}

describe('duties', () => {
  const charged = accountAfter(assess('f1', 'ana'), assess('f2', 'ben'));

  it('refuse a user who gave another command of the duty for the same fee, however the user is spelled', () => {
    for (const userId of ['ana', ' ANA', 'Ana '])
      expect(refusal(waive('w', 'f1', userId), charged)).toEqual({
        ...{ type: 'SameUser', kind: 'forbidden' },
        ...{ commandType: 'WaiveFees', as: 'AssessFee' },
      });
    expect(refusal(waive('w', 'f2', 'ana'), charged)).toBeNull();
    expect(refusal(waive('w', 'f1', 'ben'), charged)).toBeNull();
    expect(refusal(ask('CancelFee', 'c', { feeId: 'f1' }, 'ana'), charged)).toMatchObject({
      as: 'AssessFee',
    });
  });

  it('accept several commands of one type by the same user, and commands that are in no duty', () => {
    const part = { fees: [{ feeId: 'f1', amount: '1' }], reason: 'OTHER' };
    const waived = accountAfter(assess('f1', 'ana'), ask('WaiveFees', 'w1', part, 'ben'));
    expect(refusal(waive('w2', 'f1', 'ben'), waived)).toBeNull();
    expect(refusal(ask('ReceivePayment', 'p', { amount: '4', method: 'CASH' }, 'ana'), waived)).toBeNull();
    expect(refusal(waive('w2', 'f1', 'ana'), waived, definePolicy({ currency: 'USD' }))).toBeNull();
  });

  it('refuse the same user also if both commands are decided together', () => {
    const both = [assess('f3', 'ana'), waive('w', 'f3', 'ana')];
    expect(refusal(both, emptyAccount())).toMatchObject({ type: 'SameUser', as: 'AssessFee' });
    expect(refusal([assess('f3', 'ana'), waive('w', 'f3', 'ben')], emptyAccount())).toBeNull();
  });

  it('accept a command without a user, and any user after one', () => {
    const unknown = accountAfter(assess('f1'), assess('f2', 'ana'));
    expect(refusal(waive('w', 'f1'), unknown)).toBeNull();
    expect(refusal(waive('w', 'f1', 'ana'), unknown)).toBeNull();
    expect(refusal(waive('w', 'f2'), unknown)).toBeNull();
  });

  it('do not count fees that the library system charged', () => {
    const accrued = { feeId: 'g', feeType: 'OVERDUEFINE', loanId: 'l', total: '3', owner: 'MAIN' };
    const computed = accountAfter(
      ask('AccrueFine', 'g1', accrued, 'ana'),
      assess('f1', 'ana', { by: by('ana', 'job') }),
    );
    const grown = computed.fees.find(({ loanId }) => loanId === 'l')?.feeId as string;
    expect(refusal(waive('w', grown, 'ana'), computed)).toBeNull();
    expect(refusal(waive('w', 'f1', 'ana'), computed)).toBeNull();
  });

  it('count the waiver or the cancellation with which a dispute ends', () => {
    const disputed = accountAfter(assess('f1', 'ana'), ask('DisputeFee', 'd', { feeId: 'f1' }, 'cy'));
    const end = (remedy: string, userId: string) =>
      ask(
        'ResolveDispute',
        'r',
        { feeId: 'f1', outcome: 'patronUpheld', remedy, ...(remedy === 'waive' && { reason: 'OTHER' }) },
        userId,
      );
    for (const remedy of ['waive', 'cancel']) {
      expect(refusal(end(remedy, 'ana'), disputed)).toMatchObject({ type: 'SameUser', as: 'AssessFee' });
      expect(refusal(end(remedy, 'ben'), disputed)).toBeNull();
    }
    expect(
      refusal(ask('ResolveDispute', 'r', { feeId: 'f1', outcome: 'feeStands' }, 'ana'), disputed),
    ).toBeNull();
  });

  it('compare the commands about one credit, even an imported one, and those about the fees of a payment', () => {
    const taken = { amount: '9', cause: 'imported', purpose: 'refundable', reason: 'OTHER' };
    const account = accountAfter(
      ask('IssueCredit', 'c1', taken, 'ana'),
      assess('f1', 'ben'),
      ask('ReceivePayment', 'p1', { amount: '5', method: 'CASH' }, 'ana'),
    );
    const refund = (userId: string) => ask('RefundCredit', 'x', { creditId: 'c1', method: 'CASH' }, userId);
    expect(refusal(refund('ana'), account)).toMatchObject({ type: 'SameUser', as: 'IssueCredit' });
    expect(refusal(refund('ben'), account)).toBeNull();
    const reverse = (userId: string) =>
      ask('ReversePayment', 'v', { paymentId: 'p1', reason: 'bounced' }, userId);
    expect(refusal(reverse('ana'), account)).toMatchObject({ as: 'ReceivePayment' });
    expect(refusal(reverse('ben'), account)).toBeNull();
  });

  it('count the reversal of a payment or of a settlement that withdrew a part of the credit', () => {
    const rules = definePolicy({
      ...policy,
      duties: [
        ['ReversePayment', 'RefundCredit'],
        ['ReverseSettlement', 'RefundCredit'],
      ],
    });
    const paid = accountAfter(
      assess('f1', 'ben'),
      ask('ReceivePayment', 'p1', { amount: '15', method: 'CASH' }, 'ben'),
      ask('ReversePayment', 'v1', { paymentId: 'p1', amount: '4', reason: 'bounced' }, 'ana'),
    );
    const settled = accountAfter(
      assess('f1', 'ben'),
      ask('TransferFees', 't1', { fees: [{ feeId: 'f1' }], expectsSettlement: true }, 'ben'),
      ask('SettleTransfer', 's1', { transferId: 't1', amount: '15' }, 'ben'),
      ask('ReverseSettlement', 'v1', { settlementId: 's1', amount: '4' }, 'ana'),
    );
    for (const [account, as] of [
      [paid, 'ReversePayment'],
      [settled, 'ReverseSettlement'],
    ] as const) {
      const { creditId } = account.credits[0] as Credit;
      const refund = (userId: string) => ask('RefundCredit', 'r1', { creditId, method: 'CASH' }, userId);
      expect(refusal(refund('ana'), account, rules)).toMatchObject({ type: 'SameUser', as });
      expect(refusal(refund('ben'), account, rules)).toBeNull();
    }
  });

  it('do not apply to patrons who pay', () => {
    const rules = definePolicy({ ...policy, duties: [['AssessFee', 'ReceivePayment']] });
    const pay = ask('ReceivePayment', 'p', { amount: '5', method: 'CASH' }, 'ana');
    expect(refusal(pay, charged, rules)).toMatchObject({ type: 'SameUser' });
    expect(
      refusal({ ...pay, by: { channel: 'online', userId: 'ana' } } as Command, charged, rules),
    ).toBeNull();
  });

  it('must name at least two commands that a policy can permit', () => {
    for (const duties of [[['AssessFee']], [['AssessFee', 'Purge']], [[]], 'AssessFee'])
      expect(() => definePolicy({ currency: 'USD', duties: duties as never })).toThrow('duties');
  });
});
