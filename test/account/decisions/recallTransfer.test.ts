import { describe, expect, it } from 'vitest';
import { balancesInMinorUnits, decide, findFee, type PatronAccount } from '../../../src/index.js';
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
  policy,
  policyWith,
  refusalOf,
  transfer,
  waive,
} from '../../support/account.js';
import { LAW_TIMEOUT_MS } from '../../support/seeded.js';
import { expectUndoing } from '../../support/undoing.js';

const recall = (id: string, transferId: string, amount?: string) =>
  ask('RecallTransfer', id, amount === undefined ? { transferId } : { transferId, amount });
const settle = (id: string, transferId: string, amount: string) =>
  ask('SettleTransfer', id, { transferId, amount });
const sendCredit = (id: string, creditId: string, amount: string) =>
  ask('TransferFees', id, { credits: [{ creditId, amount }], expectsSettlement: true });

describe('recallTransfer', () => {
  const sent = accountAfter([assess('a', '6.00'), transfer('t1', 'a')]);

  it('recalls a transfer: the amount is owed here again', () => {
    expect(factsOf(decide({ ...recall('b1', 't1'), comment: 'patron moved' }, sent, policy))).toEqual([
      fact('TransferRecalled', { recallId: 'b1', transferId: 't1', amount: '6.00', comment: 'patron moved' }),
    ]);
    const after = accountAfter([recall('b1', 't1')], policy, sent);
    expect(feeNow(after, 'a')).toEqual({ remaining: '6.00', owed: '6.00', status: 'active' });
    expect(balancesInMinorUnits(after)).toMatchObject({ active: 600, transferred: 0 });
  });

  it('recalls a part, without what was settled or recalled before', () => {
    const account = accountAfter([settle('s1', 't1', '2'), recall('b1', 't1', '1')], policy, sent);
    expect(feeNow(account, 'a').owed).toBe('1.00');
    expect(factsOf(decide(recall('b2', 't1'), account, policy))).toMatchObject([
      { data: { amount: '3.00' } },
    ]);
    expect(refusalOf(decide(recall('b2', 't1', '3.01'), account, policy))).toEqual({
      type: 'RecallExceedsTransfer',
      transferId: 't1',
      amount: '3.01',
      recallable: '3.00',
    });
  });

  it('also recalls a transfer for which no settlement is expected', () => {
    const command = ask('TransferFees', 't1', { fees: [{ feeId: 'a' }], expectsSettlement: false });
    const account = accountAfter([assess('a', '6.00'), command, recall('b1', 't1')]);
    expect(feeNow(account, 'a').owed).toBe('6.00');
  });

  it("uses up the return's credit before the cancellation's, so that both orders cost the same", () => {
    const forgiving = policyWith({ unpaidOnReturn: 'all' });
    const story = [
      assessLost('a', '100', 'LOST50'),
      transfer('t1', 'a'),
      ask('CancelFee', 'x1', { feeId: 'a', amount: '24' }),
    ];
    const back = ask('ReturnLostItem', 'r1', { feeIds: ['a'] });
    const last = recall('b1', 't1', '90');
    const [before, after] = [
      [last, back],
      [back, last],
    ].map((order) => accountAfter([...story, ...order], forgiving));
    expect(balancesInMinorUnits(after as PatronAccount)).toEqual(
      balancesInMinorUnits(before as PatronAccount),
    );
    expect(after?.credits.map(({ cause, applied }) => [cause, applied])).toEqual([
      ['cancelled', 1_400],
      ['returned', 3_800],
      ['returned', 3_800],
    ]);
  });

  it('recalls a credit, which is then unused again', () => {
    const imported = ask('IssueCredit', 'i1', { cause: 'imported', amount: '5.00' });
    const account = accountAfter([imported, sendCredit('t1', 'i1', '5.00')]);
    expect(factsOf(decide(recall('b1', 't1', '2.00'), account, policy))).toEqual([
      fact('TransferRecalled', { recallId: 'b1', transferId: 't1', amount: '2.00' }),
    ]);
    expect(creditNow(accountAfter([recall('b1', 't1')], policy, account), 'i1')).toEqual({
      purpose: 'refundable',
      unused: '5.00',
      status: 'active',
    });
  });

  it('uses up only credits that reverse a transfer; a set-off amount remains set off', () => {
    const account = accountAfter([
      assessLost('lost', '40'),
      transfer('t1', 'lost', '10'),
      waive('w1', 'lost', '30'),
      waive('w2', 'lost', '10'),
    ]);
    expect(factsOf(decide(recall('b1', 't1'), account, policy))[0]).toEqual(
      fact('TransferRecalled', {
        recallId: 'b1',
        transferId: 't1',
        amount: '10.00',
        setOff: [{ creditId: 'w2', amount: '10.00' }],
      }),
    );
  });

  it('works if the policy no longer has the types and destinations', () => {
    expect(decide(recall('b1', 't1'), sent, forgetfulPolicy).accepted).toBe(true);
  });

  it('is refused if nothing is left to recall', () => {
    const account = accountAfter([settle('s1', 't1', '6.00')], policy, sent);
    expect(refusalOf(decide(recall('b1', 't1'), account, policy))).toEqual({
      type: 'NothingToRecall',
      transferId: 't1',
    });
  });

  it('is refused for a transfer that does not exist', () => {
    expect(refusalOf(decide(recall('b1', 'a'), sent, policy))).toEqual({
      type: 'TransferNotFound',
      transferId: 'a',
    });
  });

  it('restores exactly the balances and the owed amount from before the transfer (property)', {
    timeout: LAW_TIMEOUT_MS,
  }, async () => {
    await expectUndoing(
      'TransferFees',
      ['transfer', 'transferCredit', 'transferEligible'],
      (_, { decision }) =>
        decision.events.flatMap(({ type, data }) =>
          type === 'FeeTransferred' || type === 'CreditTransferred'
            ? [recall(`undo ${data.transferId}`, data.transferId)]
            : [],
        ),
    );
  });
});

describe('recallTransfer of an amount reversed by external credits', () => {
  const setOff = (parts: Readonly<Record<string, string>>) => ({
    setOff: Object.entries(parts).map(([creditId, amount]) => ({ creditId, amount })),
  });

  it('uses up unused external credits of the fee, oldest first, as far as they exceed the amount still transferred', () => {
    const account = accountAfter([
      assess('a', '10.00'),
      transfer('t1', 'a'),
      waive('w1', 'a', '3.00'),
      waive('w2', 'a', '4.00'),
    ]);
    expect(factsOf(decide(recall('b1', 't1', '3.00'), account, policy))).toEqual([
      fact('TransferRecalled', { recallId: 'b1', transferId: 't1', amount: '3.00' }),
    ]);
    expect(factsOf(decide(recall('b1', 't1', '8.00'), account, policy))).toEqual([
      fact('TransferRecalled', {
        recallId: 'b1',
        transferId: 't1',
        amount: '8.00',
        ...setOff({ w1: '3.00', w2: '2.00' }),
      }),
    ]);
    const after = accountAfter([recall('b1', 't1', '8.00')], policy, account);
    expect(feeNow(after, 'a').owed).toBe('3.00');
    expect(creditNow(after, 'w2')).toEqual({ purpose: 'external', unused: '2.00', status: 'active' });
    expect(findFee(after, 'a')).toMatchObject({ transferReversed: 200, transferred: 200 });
  });

  it('leaves a waived fee waived: nothing is owed after a full recall', () => {
    const account = accountAfter([
      assessLost('lost', '60'),
      transfer('t1', 'lost'),
      waive('w1', 'lost'),
      recall('b1', 't1'),
    ]);
    expect(feeNow(account, 'lost')).toEqual({ remaining: '0.00', owed: '0.00', status: 'closed' });
    expect(creditNow(account, 'w1')).toEqual({ purpose: 'external', unused: '0.00', status: 'closed' });
  });

  it.each([
    ['a cancelled fee', 'CancelFee', { feeId: 'lost' }, 'x1#1'],
    ['a returned item', 'ReturnLostItem', { feeIds: ['lost'] }, 'x1#1'],
  ] as const)('also uses up the external credit of %s: nothing is owed again', (_, type, named, creditId) => {
    const account = accountAfter([
      assessLost('lost', '60'),
      transfer('t1', 'lost'),
      ask(type, 'x1', named as never),
      recall('b1', 't1'),
    ]);
    expect(feeNow(account, 'lost')).toEqual({ remaining: '0.00', owed: '0.00', status: 'closed' });
    expect(creditNow(account, creditId)).toEqual({ purpose: 'external', unused: '0.00', status: 'closed' });
  });

  it('leaves external credits of other fees alone', () => {
    const account = accountAfter([
      assess('a', '1.00'),
      assess('b', '2.00'),
      transfer('t1', 'a'),
      transfer('t2', 'b'),
      waive('w1', 'a'),
    ]);
    expect(factsOf(decide(recall('b1', 't2'), account, policy))).toEqual([
      fact('TransferRecalled', { recallId: 'b1', transferId: 't2', amount: '2.00' }),
    ]);
  });

  it.each([
    ['waived', waive('w1', 'lost')],
    ['waived before the payment was reported', undefined],
    ['returned for', ask('ReturnLostItem', 'w1', { feeIds: ['lost'] })],
    ['cancelled', ask('CancelFee', 'w1', { feeId: 'lost', amount: '6.00' })],
  ])('bills what was paid there and what was %s there only once', (title, command) => {
    const settled = settle('s1', 't1', '4.00');
    const account = accountAfter([
      assessLost('lost', '10.00', 'LOST50'),
      transfer('t1', 'lost'),
      ...(command === undefined ? [waive('w1', 'lost'), settled] : [settled, command]),
      recall('b1', 't1'),
    ]);
    expect(feeNow(account, 'lost').owed).toBe(title === 'returned for' ? '1.00' : '0.00');
    const left = account.credits.map((credit) => creditNow(account, credit.creditId).unused);
    expect(left).toEqual(command === undefined ? ['4.00'] : left.map(() => '0.00'));
  });

  it('uses up no more than the recalled amount', () => {
    const account = accountAfter([
      assess('a', '10.00'),
      transfer('t1', 'a'),
      waive('w1', 'a'),
      settle('s1', 't1', '4.00'),
      recall('b1', 't1', '1.00'),
    ]);
    expect(feeNow(account, 'a').owed).toBe('0.00');
    expect(creditNow(account, 'w1').unused).toBe('9.00');
  });

  it('is refused if a transferred external credit reverses it: recall that credit first', () => {
    const account = accountAfter([
      assess('a', '10.00'),
      transfer('t1', 'a'),
      waive('w1', 'a', '3.00'),
      waive('w2', 'a', '4.00'),
      sendCredit('t2', 'w2', '2.50'),
    ]);
    expect(refusalOf(decide(recall('b1', 't1'), account, policy))).toEqual({
      type: 'ReversalAlreadySent',
      transferId: 't1',
      creditIds: ['w2'],
      amount: '2.50',
    });
    expect(decide(recall('b1', 't1', '7.50'), account, policy).accepted).toBe(true);
    const recalledFirst = accountAfter([recall('b0', 't2'), recall('b1', 't1')], policy, account);
    expect(feeNow(recalledFirst, 'a').owed).toBe('3.00');
  });
});
