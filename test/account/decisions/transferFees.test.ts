import { describe, expect, it } from 'vitest';
import { balancesInMinorUnits, type CommandOf, decide, findTransfer } from '../../../src/index.js';
import {
  acceptedEvents,
  accountAfter,
  ask,
  assess,
  assessLost,
  creditNow,
  fact,
  factsOf,
  feeNow,
  pay,
  policy,
  policyWith,
  refusalOf,
  transfer,
  waive,
} from '../../support/account.js';

const send = (more: Omit<CommandOf<'TransferFees'>, 'type' | 'id' | 'at'> & { at?: string }) =>
  ask('TransferFees', 't1', more);
const sent = (transferId: string, feeId: string, amount: string, more = {}) =>
  fact('FeeTransferred', { transferId, batchId: 't1', feeId, amount, expectsSettlement: false, ...more });
const imported = (id: string, amount: string, more = {}) =>
  ask('IssueCredit', id, { cause: 'imported', amount, ...more });

describe('transferFees', () => {
  const two = accountAfter([assess('a', '6.00'), assess('b', '9.00')]);

  it('transfers fees, each in full or in part; the batch id is the command id', () => {
    expect(
      factsOf(decide(send({ fees: [{ feeId: 'b', amount: '4' }, { feeId: 'a' }] }), two, policy)),
    ).toEqual([sent('t1', 'b', '4.00'), sent('t1#1', 'a', '6.00')]);
  });

  it('checks no age without a minimum, so it transfers even a fee dated in the future', () => {
    const account = accountAfter([assess('a', '6.00', { at: '2026-03-03T09:00:00Z' })]);
    expect(factsOf(decide(send({ eligible: { fees: {} } }), account, policy))).toEqual([
      sent('t1', 'a', '6.00'),
    ]);
  });

  it('keeps destination, reference and comments', () => {
    const details = {
      destination: 'BURSAR',
      externalReference: 'run 7',
      reason: 'term end',
      comment: 'sent',
    };
    expect(factsOf(decide(send({ fees: [{ feeId: 'a' }], ...details }), two, policy))).toEqual([
      sent('t1', 'a', '6.00', details),
    ]);
  });

  it.each([
    [false, undefined, false],
    [true, undefined, true],
    [false, true, true],
    [true, false, false],
  ])(
    'uses the policy (%s) and then the command (%s) for whether a settlement is expected',
    (rule, asked, expected) => {
      const rules = policyWith({ transfers: { expectsSettlement: rule } });
      const command = send({
        fees: [{ feeId: 'a' }],
        ...(asked === undefined ? {} : { expectsSettlement: asked }),
      });
      expect(factsOf(decide(command, two, rules))).toEqual([
        sent('t1', 'a', '6.00', { expectsSettlement: expected }),
      ]);
      const after = accountAfter([command], rules, two);
      expect(feeNow(after, 'a').status).toBe(expected ? 'transferred' : 'closed');
      expect(balancesInMinorUnits(after)).toMatchObject({ active: 900, transferred: expected ? 600 : 0 });
    },
  );

  it('applies reserved credits first, so that only the owed amount is transferred', () => {
    const account = accountAfter([assessLost('lost', '60'), waive('w1', 'lost', '20')]);
    expect(factsOf(decide(send({ fees: [{ feeId: 'lost' }] }), account, policy))).toEqual([
      fact('CreditApplied', {
        applicationId: 't1',
        creditId: 'w1',
        allocations: [{ feeId: 'lost', amount: '20.00' }],
      }),
      sent('t1#1', 'lost', '40.00'),
    ]);
  });

  it.each([
    ['does not exist', 'x', { type: 'FeeNotFound', feeId: 'x' }],
    ['is disputed', 'disputed', { type: 'FeeIsDisputed', feeId: 'disputed' }],
    ['has nothing owed', 'paid', { type: 'NothingOwed', feeId: 'paid' }],
  ])('is refused if a fee %s', (_, feeId, refusal) => {
    const account = accountAfter([
      assess('disputed', '1'),
      ask('DisputeFee', 'd1', { feeId: 'disputed' }),
      assess('paid', '1'),
      pay('p1', '1.00'),
    ]);
    expect(refusalOf(decide(send({ fees: [{ feeId }] }), account, policy))).toEqual(refusal);
  });

  it('is refused above the owed amount', () => {
    expect(refusalOf(decide(send({ fees: [{ feeId: 'a', amount: '6.01' }] }), two, policy))).toEqual({
      type: 'TransferExceedsOwed',
      feeId: 'a',
      amount: '6.01',
      owed: '6.00',
    });
  });

  it.each(['NOSUCHSYSTEM', 'constructor', '__proto__'])(
    'is refused for an unknown destination: %s',
    (destination) => {
      expect(refusalOf(decide(send({ fees: [{ feeId: 'a' }], destination }), two, policy))).toEqual({
        type: 'DestinationUnknown',
        known: expect.anything(),
        destination,
      });
    },
  );

  it.each([
    [{}],
    [{ fees: [{ feeId: 'a' }], eligible: {} }],
    [{ credits: [{ creditId: 'i1' }], eligible: {} }],
  ])('is an invalid command if it names both rows and conditions, or neither (%j)', (named) => {
    expect(refusalOf(decide(send(named), two, policy))).toMatchObject({
      type: 'InvalidCommand',
      faults: [{ path: 'eligible' }],
    });
  });
});

describe('transferFees of credits', () => {
  const account = accountAfter([
    assess('a', '6.00'),
    transfer('t0', 'a'),
    waive('w1', 'a', '2.00'),
    imported('i1', '5.00', { owner: 'BRANCH' }),
    imported('i2', '5.00', { purpose: 'goodwill' }),
    assessLost('lost', '60'),
    waive('w2', 'lost'),
  ]);
  const creditSent = (transferId: string, creditId: string, amount: string, more = {}) =>
    fact('CreditTransferred', {
      transferId,
      batchId: 't1',
      creditId,
      amount,
      expectsSettlement: false,
      ...more,
    });

  it('transfers refundable and external credits, each in full or in part', () => {
    const command = send({ credits: [{ creditId: 'i1', amount: '4' }, { creditId: 'w1' }], comment: 'sent' });
    expect(factsOf(decide(command, account, policy))).toEqual([
      creditSent('t1', 'i1', '4.00', { comment: 'sent' }),
      creditSent('t1#1', 'w1', '2.00', { comment: 'sent' }),
    ]);
    expect(creditNow(accountAfter([command], policy, account), 'w1')).toEqual({
      purpose: 'external',
      unused: '0.00',
      status: 'closed',
    });
  });

  it('transfers fees and credits with one command, fees first', () => {
    const more = accountAfter([assess('b', '1.00')], policy, account);
    const command = send({ credits: [{ creditId: 'i1' }], fees: [{ feeId: 'b' }] });
    expect(factsOf(decide(command, more, policy))).toEqual([
      sent('t1', 'b', '1.00'),
      creditSent('t1#1', 'i1', '5.00'),
    ]);
  });

  it('counts a transferred credit against the transferred balance until it is settled', () => {
    const command = send({ credits: [{ creditId: 'i1' }], expectsSettlement: true });
    const after = accountAfter([command], policy, account);
    expect(creditNow(after, 'i1').status).toBe('transferred');
    expect(balancesInMinorUnits(account).transferred - balancesInMinorUnits(after).transferred).toBe(500);
  });

  it.each([
    ['i2', 'goodwill'],
    ['w2', 'setOff'],
  ])('is refused for the wrong purpose: %s is %s', (creditId, purpose) => {
    expect(refusalOf(decide(send({ credits: [{ creditId }] }), account, policy))).toEqual({
      type: 'CreditPurposeForbids',
      creditId,
      purpose,
    });
  });

  it('is refused for a credit that does not exist, is used up, or has less unused', () => {
    expect(refusalOf(decide(send({ credits: [{ creditId: 'x' }] }), account, policy))).toEqual({
      type: 'CreditNotFound',
      creditId: 'x',
    });
    expect(
      refusalOf(decide(send({ credits: [{ creditId: 'i1', amount: '5.01' }] }), account, policy)),
    ).toEqual({
      type: 'AmountExceedsCredit',
      creditId: 'i1',
      amount: '5.01',
      unused: '5.00',
    });
    const used = accountAfter([ask('CancelCredit', 'k1', { creditId: 'i1' })], policy, account);
    expect(refusalOf(decide(send({ credits: [{ creditId: 'i1' }] }), used, policy))).toEqual({
      type: 'CreditUsedUp',
      creditId: 'i1',
    });
  });
});

describe('transferFees of all that is eligible', () => {
  const account = accountAfter([
    assess('old', '6.00', { at: '2026-01-01T00:00:00Z' }),
    assess('young', '9.00', { at: '2026-03-01T00:00:00Z', owner: 'BRANCH' }),
    assess('small', '0.50', { at: '2026-01-01T00:00:00Z', feeType: 'OTHER' }),
    assess('disputed', '8.00', { at: '2026-01-01T00:00:00Z' }),
    ask('DisputeFee', 'd1', { feeId: 'disputed' }),
    assess('paid', '1.00', { at: '2026-01-01T00:00:00Z' }),
    pay('p1', '1.00', { feeIds: ['paid'] }),
    assess('sent', '3.00', { at: '2026-01-01T00:00:00Z', owner: 'LAW' }),
    transfer('t0', 'sent'),
    waive('w1', 'sent', '2.00'),
    imported('i1', '5.00', { at: '2026-01-01T00:00:00Z', owner: 'BRANCH' }),
    imported('i2', '4.00', { at: '2026-03-01T00:00:00Z' }),
    imported('i3', '3.00', { purpose: 'goodwill' }),
    imported('i4', '2.00'),
    ask('CancelCredit', 'k1', { creditId: 'i4' }),
    assessLost('lost', '7.00'),
    pay('p2', '7.00', { feeIds: ['lost'] }),
    ask('ReturnLostItem', 'r1', { feeIds: ['lost'] }),
  ]);
  const chosen = (eligible: CommandOf<'TransferFees'>['eligible'], rules = policy) =>
    acceptedEvents(decide(send({ eligible: eligible ?? {} }), account, rules)).map(({ data }) =>
      'creditId' in data ? data.creditId : (data as { feeId: string }).feeId,
    );

  it.each([
    [{ fees: {} }, ['old', 'young', 'small']],
    [{ fees: { minimumAmount: '6' } }, ['old', 'young']],
    [{ fees: { minimumAmount: '6.01' } }, ['young']],
    [{ fees: { minimumAgeDays: 30 } }, ['old', 'small']],
    [{ fees: { minimumAgeDays: 1.375 } }, ['old', 'young', 'small']],
    [{ fees: { minimumAgeDays: 1.376 } }, ['old', 'small']],
    [{ fees: { minimumAmount: '1', minimumAgeDays: 30 } }, ['old']],
    [{ fees: { feeTypes: ['OTHER'] } }, ['small']],
    [{ fees: { owners: ['BRANCH'] } }, ['young']],
    [{ credits: {} }, ['w1', 'i1', 'i2', 'r1#1']],
    [{ credits: { minimumAmount: '5' } }, ['i1', 'r1#1']],
    [{ credits: { minimumAmount: '5.01' } }, ['r1#1']],
    [{ credits: { minimumAgeDays: 30 } }, ['i1']],
    [{ credits: { owners: ['BRANCH'] } }, ['i1']],
    [{ credits: { owners: ['MAIN', 'LAW'] } }, ['w1', 'r1#1']],
    [{ fees: { owners: ['BRANCH'] }, credits: { owners: ['BRANCH'] } }, ['young', 'i1']],
  ])('selects by minimum amount and age, type and owner, never disputed fees: %j', (eligible, ids) => {
    expect(chosen(eligible)).toEqual(ids);
  });

  it('compares the owed amount with the minimum, not the charged amount or one reserved by a waiver', () => {
    const begun = accountAfter([
      assess('begun', '6.00'),
      pay('p1', '0.01', { feeIds: ['begun'] }),
      assessLost('reserved', '6.00'),
      waive('w1', 'reserved', '0.01'),
    ]);
    const command = send({ eligible: { fees: { minimumAmount: '6' } } });
    expect(refusalOf(decide(command, begun, policy))).toEqual({ type: 'NothingToTransfer' });
    const lower = send({ eligible: { fees: { minimumAmount: '5.99' } } });
    expect(factsOf(decide(lower, begun, policy))).toMatchObject([
      { type: 'FeeTransferred', data: { feeId: 'begun', amount: '5.99' } },
      { type: 'CreditApplied', data: { creditId: 'w1' } },
      { type: 'FeeTransferred', data: { feeId: 'reserved', amount: '5.99' } },
    ]);
  });

  it('compares the unused amount of a credit with the minimum, not its original amount', () => {
    const begun = accountAfter([
      imported('i1', '6.00'),
      ask('CancelCredit', 'k1', { creditId: 'i1', amount: '0.01' }),
    ]);
    const command = (minimumAmount: string) => send({ eligible: { credits: { minimumAmount } } });
    expect(refusalOf(decide(command('6'), begun, policy))).toEqual({ type: 'NothingToTransfer' });
    expect(factsOf(decide(command('5.99'), begun, policy))).toMatchObject([
      { type: 'CreditTransferred', data: { creditId: 'i1', amount: '5.99' } },
    ]);
  });

  it('uses the minimums of the policy unless the command has its own', () => {
    const rules = policyWith({
      transfers: { fees: { minimumAmount: '6', minimumAgeDays: 30 }, credits: { minimumAmount: '4.50' } },
    });
    expect(chosen({ fees: {}, credits: {} }, rules)).toEqual(['old', 'i1', 'r1#1']);
    expect(chosen({ fees: { minimumAgeDays: 0 } }, rules)).toEqual(['old', 'young']);
    expect(chosen({ fees: { minimumAmount: '0.01' } }, rules)).toEqual(['old', 'small']);
  });

  it("counts the age from the assessment to the command's `at`", () => {
    const command = (when: string) =>
      send({ eligible: { fees: { minimumAgeDays: 1, owners: ['BRANCH'] } }, at: when });
    expect(decide(command('2026-03-02T00:00:00Z'), account, policy).accepted).toBe(true);
    expect(decide(command('2026-03-02T01:00:00+01:00'), account, policy).accepted).toBe(true);
    expect(decide(command('2026-03-01T23:59:59Z'), account, policy).accepted).toBe(false);
  });

  it.each([[{}], [{ fees: { minimumAmount: '100' } }], [{ fees: { feeTypes: [] } }]])(
    'is refused if nothing is eligible (%j)',
    (eligible) => {
      expect(refusalOf(decide(send({ eligible }), account, policy))).toEqual({ type: 'NothingToTransfer' });
    },
  );

  it('keeps the batch id of the command on its transfers', () => {
    const after = accountAfter([send({ eligible: { fees: {} } })], policy, account);
    expect(['t1', 't1#1', 't1#2'].map((id) => findTransfer(after, id)?.batchId)).toEqual(['t1', 't1', 't1']);
  });
});
