import { describe, expect, it } from 'vitest';
import { type AccountEvent, type Command, decide, fold } from '../../../src/index.js';
import {
  accountAfter,
  ask,
  assessLost,
  fact,
  factsOf,
  feeNow,
  pay,
  policy,
  policyWith,
  transfer,
  waive,
} from '../../support/account.js';

const forgiving = policyWith({ unpaidOnReturn: 'all' });
const types = { 100: 'LOST100', 50: 'LOST50', 33.3: 'LOST33', 0: 'LOST0' } as const;

const bringBack = (id: string, ...feeIds: string[]) => ask('ReturnLostItem', id, { feeIds });
const cancel = (id: string, amount: string) => ask('CancelFee', id, { feeId: 'lost', amount });
const goodwill = (id: string, amount: string) =>
  ask('IssueCredit', id, { cause: 'manual', reason: 'GOODWILL', amount });
const imported = (id: string, amount: string) => ask('IssueCredit', id, { cause: 'imported', amount });
const apply = (id: string, creditId: string) => ask('ApplyCredit', id, { creditId, feeIds: ['lost'] });

/** Credits from returning an item of 60.00 (or another amount) after some commands, and the amount owed then. */
function brought(
  percent: keyof typeof types,
  rules: typeof policy,
  before: readonly Command[],
  amount = '60.00',
) {
  const account = accountAfter([assessLost('lost', amount, types[percent]), ...before], rules);
  const decision = decide(bringBack('r1', 'lost'), account, rules);
  const [returned, ...rest] = factsOf(decision);
  expect(returned).toEqual(
    fact('LostItemReturned', {
      returnId: 'r1',
      feeId: 'lost',
      refundPercent: percent,
      unpaid: rules.unpaidOnReturn,
    }),
  );
  const credits = rest.flatMap(({ type, data }) => {
    if (type !== 'LostItemCreditIssued') return [];
    const { purpose, amount } = data as { purpose: string; amount: string };
    return [`${purpose} ${amount}`];
  });
  return { credits, owed: feeNow(accountAfter([bringBack('r1', 'lost')], rules, account), 'lost').owed };
}

describe('credits for a returned item', () => {
  it.each<[number, string, readonly Command[], string[], string]>([
    // percent, mixture, what happened, credits, still owed
    [100, 'unpaid', [], ['setOff 60.00'], '0.00'],
    [50, 'unpaid', [], ['setOff 30.00'], '30.00'],
    [33.3, 'unpaid', [], ['setOff 19.98'], '40.02'],
    [0, 'unpaid', [], [], '60.00'],
    [100, 'paid', [pay('p1', '60')], ['refundable 60.00'], '0.00'],
    [50, 'paid', [pay('p1', '60')], ['refundable 30.00'], '0.00'],
    [33.3, 'paid', [pay('p1', '60')], ['refundable 19.98'], '0.00'],
    [0, 'paid', [pay('p1', '60')], [], '0.00'],
    [100, 'part paid', [pay('p1', '20')], ['setOff 40.00', 'refundable 20.00'], '0.00'],
    [50, 'part paid', [pay('p1', '20')], ['setOff 30.00'], '10.00'],
    [50, 'mostly paid', [pay('p1', '50')], ['setOff 10.00', 'refundable 20.00'], '0.00'],
    [33.3, 'mostly paid', [pay('p1', '50')], ['setOff 10.00', 'refundable 9.98'], '0.00'],
    [0, 'part paid', [pay('p1', '20')], [], '40.00'],
    [100, 'waived whole', [waive('w1', 'lost')], [], '0.00'],
    [100, 'waived in part', [waive('w1', 'lost', '20')], ['setOff 40.00'], '0.00'],
    [50, 'waived in part, less than the percentage', [waive('w1', 'lost', '20')], ['setOff 10.00'], '30.00'],
    [50, 'waived in part, more than the percentage', [waive('w1', 'lost', '40')], [], '20.00'],
    [
      100,
      'waived in part and the rest paid',
      [waive('w1', 'lost', '20'), pay('p1', '40')],
      ['refundable 40.00'],
      '0.00',
    ],
    [
      50,
      'waived in part and the rest paid',
      [waive('w1', 'lost', '20'), pay('p1', '40')],
      ['refundable 10.00'],
      '0.00',
    ],
    [100, 'transferred', [transfer('t1', 'lost')], ['external 60.00'], '0.00'],
    [50, 'transferred', [transfer('t1', 'lost')], ['external 30.00'], '0.00'],
    [0, 'transferred', [transfer('t1', 'lost')], [], '0.00'],
    [
      50,
      'transferred in part and the rest paid',
      [transfer('t1', 'lost', '20'), pay('p1', '40')],
      ['external 20.00', 'refundable 10.00'],
      '0.00',
    ],
    [
      100,
      'transferred and waived',
      [transfer('t1', 'lost'), waive('w1', 'lost', '25')],
      ['external 35.00'],
      '0.00',
    ],
    [
      50,
      'transferred and waived',
      [transfer('t1', 'lost'), waive('w1', 'lost', '25')],
      ['external 5.00'],
      '0.00',
    ],
    [
      100,
      'transferred, waived and recalled, so that the waiver is used up',
      [transfer('t1', 'lost'), waive('w1', 'lost', '25'), ask('RecallTransfer', 'b1', { transferId: 't1' })],
      ['setOff 35.00'],
      '0.00',
    ],
    [
      50,
      'transferred, waived and recalled, so that the waiver is used up',
      [transfer('t1', 'lost'), waive('w1', 'lost', '25'), ask('RecallTransfer', 'b1', { transferId: 't1' })],
      ['setOff 5.00'],
      '30.00',
    ],
    [
      50,
      'transferred, cancelled in part and recalled',
      [transfer('t1', 'lost'), cancel('x1', '20'), ask('RecallTransfer', 'b1', { transferId: 't1' })],
      ['setOff 20.00'],
      '20.00',
    ],
    [100, 'cancelled in part', [cancel('x1', '20')], ['setOff 40.00'], '0.00'],
    [50, 'cancelled in part', [cancel('x1', '20')], ['setOff 20.00'], '20.00'],
    [33.3, 'cancelled in part', [cancel('x1', '20')], ['setOff 13.32'], '26.68'],
    [50, 'paid and cancelled in part', [pay('p1', '60'), cancel('x1', '20')], ['refundable 20.00'], '0.00'],
    [100, 'paid and cancelled in part', [pay('p1', '60'), cancel('x1', '20')], ['refundable 40.00'], '0.00'],
    [
      50,
      'transferred and cancelled in part',
      [transfer('t1', 'lost'), cancel('x1', '20')],
      ['external 20.00'],
      '0.00',
    ],
    [
      50,
      'paid, cancelled in part and the cancellation taken back',
      [pay('p1', '60'), cancel('x1', '20'), ask('CancelCredit', 'k1', { creditId: 'x1#1' })],
      ['refundable 30.00'],
      '0.00',
    ],
    [
      100,
      'settled by money owed back',
      [imported('i1', '60'), apply('s1', 'i1')],
      ['refundable 60.00'],
      '0.00',
    ],
    [100, 'settled by goodwill, which is no money', [goodwill('g1', '60'), apply('s1', 'g1')], [], '0.00'],
    [
      50,
      'settled by goodwill in part',
      [goodwill('g1', '20'), apply('s1', 'g1'), pay('p1', '40')],
      ['refundable 30.00'],
      '0.00',
    ],
    [100, 'disputed', [ask('DisputeFee', 'd1', { feeId: 'lost' })], ['setOff 60.00'], '0.00'],
  ])('gives %d percent of an item that was %s, and treats the unpaid part like the paid one', (...row) => {
    const [percent, , before, credits, owed] = row;
    expect(brought(percent as 100, policy, before)).toEqual({ credits, owed });
  });

  it.each<[number, string, readonly Command[], string[]]>([
    [100, 'unpaid', [], ['setOff 60.00']],
    [50, 'unpaid', [], ['setOff 60.00']],
    [0, 'unpaid', [], ['setOff 60.00']],
    [50, 'paid', [pay('p1', '60')], ['refundable 30.00']],
    [33.3, 'paid', [pay('p1', '60')], ['refundable 19.98']],
    [0, 'paid', [pay('p1', '60')], []],
    [50, 'part paid', [pay('p1', '20')], ['setOff 40.00', 'refundable 10.00']],
    [0, 'part paid', [pay('p1', '20')], ['setOff 40.00']],
    [50, 'waived in part', [waive('w1', 'lost', '20')], ['setOff 40.00']],
    [
      50,
      'waived in part and the rest paid',
      [waive('w1', 'lost', '20'), pay('p1', '40')],
      ['refundable 20.00'],
    ],
    [50, 'transferred', [transfer('t1', 'lost')], ['external 30.00']],
    [50, 'transferred and waived', [transfer('t1', 'lost'), waive('w1', 'lost', '25')], ['external 5.00']],
    [50, 'transferred and waived by more', [transfer('t1', 'lost'), waive('w1', 'lost', '35')], []],
    [
      50,
      'transferred and paid in part',
      [transfer('t1', 'lost', '20'), pay('p1', '30')],
      ['setOff 10.00', 'external 20.00', 'refundable 5.00'],
    ],
    [50, 'cancelled in part', [cancel('x1', '20')], ['setOff 40.00']],
    [50, 'paid and cancelled in part', [pay('p1', '60'), cancel('x1', '20')], ['refundable 20.00']],
  ])(
    "gives %d percent of the paid amount if unpaidOnReturn is 'all' and the item was %s, and forgives the owed amount",
    (...row) => {
      const [percent, , before, credits] = row;
      expect(brought(percent as 100, forgiving, before)).toEqual({ credits, owed: '0.00' });
    },
  );

  it('counts amounts waived without a credit, as in a history from another system', () => {
    const account = fold([
      fact('FeeAssessed', {
        feeId: 'lost',
        feeType: 'LOST50',
        amount: '60.00',
        owner: 'MAIN',
        lostItem: true,
      }),
      fact('FeeWaived', { waiverId: 'w1', feeId: 'lost', amount: '20.00' }),
    ] as unknown as AccountEvent[]);
    expect(factsOf(decide(bringBack('r1', 'lost'), account, policy))).toMatchObject([
      { type: 'LostItemReturned' },
      { type: 'LostItemCreditIssued', data: { purpose: 'setOff', amount: '10.00' } },
    ]);
  });

  it('rounds half up, once for each fee', () => {
    expect(brought(50, policy, [], '0.01')).toEqual({ credits: ['setOff 0.01'], owed: '0.00' });
    expect(brought(50, policy, [cancel('x1', '0.01')], '0.02')).toEqual({
      credits: ['setOff 0.01'],
      owed: '0.00',
    });
    const sentAndPaid = [transfer('t1', 'lost', '0.01'), pay('p1', '0.01')];
    expect(brought(50, forgiving, sentAndPaid, '0.02')).toEqual({ credits: ['external 0.01'], owed: '0.00' });
    expect(brought(33.3, policy, [], '10.01')).toEqual({ credits: ['setOff 3.33'], owed: '6.68' });
  });
});
