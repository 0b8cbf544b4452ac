import { describe, expect, it } from 'vitest';
import { balancesInMinorUnits, type CommandOf, decide, type PatronAccount } from '../../src/index.js';
import {
  accountAfter,
  ask,
  assess,
  assessLost,
  factsOf,
  feeNow,
  pay,
  policy,
  policyWith,
  refusalOf,
  repeating,
} from '../support/account.js';

type Fields = Partial<CommandOf<'ReceivePayment'>>;

/** Two fees of 5.00, and one of 60.00 for a lost item. */
const fees = accountAfter([assess('f1', '5.00'), assess('f2', '5.00'), assessLost('lost', '60.00')]);

const part = (id: string, amount: string, more: Fields = {}) =>
  pay(id, amount, { method: 'ONLINE', externalTransactionId: 'x1', ...more });
const of = (feeId: string) => ({ feeIds: [feeId] });
const total = (externalTransactionTotal: string) => ({ externalTransactionTotal });

/** The recorded parts: amount, and the fees named. */
const parts = (account: PatronAccount) =>
  account.payments.map(({ amount, feesNamed }) => [amount, feesNamed]);
const recorded = (...commands: readonly ReturnType<typeof part>[]) => accountAfter(commands, policy, fees);
const refused = (command: ReturnType<typeof part>, account: PatronAccount) =>
  refusalOf(decide(command, account, policy));

describe('a part of a transaction whose total is known', () => {
  const ten = total('10.00');
  const first = recorded(part('p1', '5.00', { ...of('f1'), ...ten }));

  it('keeps the total, whether given as such or as the amount of the whole', () => {
    expect(first.payments[0]).toMatchObject({ externalTransactionTotal: 1000, part: null });
    const whole = recorded(part('p1', '10.00', { part: 'whole' }));
    expect(whole.payments[0]).toMatchObject({ externalTransactionTotal: 1000, part: null });
    expect(recorded(part('p1', '10.00', { part: 'whole', ...ten }))).toEqual({
      ...whole,
      ids: expect.anything(),
    });
  });

  it('is recorded as far as the total leaves room, and is a repeat if it leaves none', () => {
    const whole = part('p2', '10.00', { part: 'whole' });
    const done = accountAfter([whole], policy, first);
    expect(parts(done)).toEqual([
      [500, ['f1']],
      [500, []],
    ]);
    expect(feeNow(done, 'f2').owed).toBe('0.00');
    expect(decide({ ...whole, id: 'p3' }, done, policy)).toEqual(repeating('p2', 'payment'));
    expect(decide(part('p3', '0.01', { ...of('lost'), ...ten }), done, policy)).toEqual(
      repeating('p2', 'payment'),
    );
    expect(decide(part('p3', '4.00', { ...of('f1'), ...ten }), done, policy)).toEqual(
      repeating('p1', 'payment'),
    );
  });

  it('ends with 10.00 recorded of 10.00 taken when a client misses an answer and splits the amount anew', () => {
    // The answer to p1 was lost. The client reads what is owed, pays f2, and posts what is left of its 10.00 as the rest.
    const retry = [part('p2', '5.00', { ...of('f2'), ...ten }), part('p3', '5.00', ten)];
    const done = accountAfter(retry, policy, first);
    expect(balancesInMinorUnits(done).payable).toBe(6000);
    expect(parts(done)).toEqual([
      [500, ['f1']],
      [500, ['f2']],
    ]);
    const rest = { ...part('p3', '5.00'), part: 'rest' } as const;
    const recorded = { total: '10.00', recordedAmount: '10.00', amount: '5.00' };
    expect(refused(rest, done)).toMatchObject({ type: 'ExceedsTransactionTotal', ...recorded });
  });

  it('counts as further money if it is marked as the rest and gives the total, whatever fees it names', () => {
    const rest = (id: string, more: object) =>
      part(id, '4.00', { ...ten, part: 'rest', overpayment: 'credit', ...more });
    const done = recorded(part('p1', '4.00', of('f1')), rest('p2', of('f1')), rest('p3', {}));
    expect(parts(done)).toEqual([
      [400, ['f1']],
      [400, ['f1']],
      [200, []],
    ]);
    expect(done.payments.map((one) => one.part)).toEqual([null, null, 'rest']);
    expect(decide(rest('p4', of('f1')), done, policy)).toEqual(repeating('p2', 'payment'));
  });

  it('may pay a fee in two parts', () => {
    const [one, two] = [part('p2', '2.00', of('f1')), part('p3', '1.50', { ...of('f1'), ...ten })];
    const done = recorded(part('p1', '1.00', { ...of('f1'), ...ten }), one, two);
    expect(parts(done).map(([amount]) => amount)).toEqual([100, 200, 150]);
  });

  it('is refused with any other total, even if the whole gives it', () => {
    const used = { type: 'ExternalTransactionAlreadyUsed', paymentId: 'p1', recordedTotal: '10.00' };
    for (const more of [total('9.99'), total('11.00'), { part: 'whole' } as const])
      expect(refused(part('p2', '5.00', { ...of('f1'), ...more }), first)).toMatchObject(used);
  });

  it('is refused above its own total, even as the first part', () => {
    const above = { type: 'ExceedsTransactionTotal', total: '10.00', amount: '10.01' };
    expect(refused(part('p1', '10.01', ten), fees)).toMatchObject({ ...above, recordedAmount: '0.00' });
    expect(refused(part('p2', '10.01', ten), first)).toMatchObject({ ...above, recordedAmount: '5.00' });
  });

  it('is recorded without the total if it fits, and refused if it does not', () => {
    expect(refused(part('p2', '5.01'), first)).toEqual({
      type: 'ExceedsTransactionTotal',
      method: 'ONLINE',
      externalTransactionId: 'x1',
      total: '10.00',
      recordedAmount: '5.00',
      amount: '5.01',
    });
    const done = accountAfter([part('p2', '5.00')], policy, first);
    expect(parts(done)).toHaveLength(2);
    expect(refused(part('p3', '0.01', of('f2')), done)).toMatchObject({ type: 'ExceedsTransactionTotal' });
    expect(decide(part('p3', '5.00'), done, policy)).toEqual(repeating('p2', 'payment'));
  });

  it('may be the first to give it', () => {
    const untold = recorded(part('p1', '5.00', of('f1')));
    const done = accountAfter([part('p2', '10.00', { part: 'whole' })], policy, untold);
    expect(parts(done).map(([amount]) => amount)).toEqual([500, 500]);
    const more = recorded(part('p1', '5.00', of('f1')), part('p2', '4.00'));
    expect(refused(part('p3', '8.00', { part: 'whole' }), more)).toMatchObject({
      ...{ type: 'ExceedsTransactionTotal', total: '8.00', recordedAmount: '9.00' },
    });
  });

  it('counts what was reversed, and is refused if nothing is left and a part was reversed in full', () => {
    const done = accountAfter([part('p2', '5.00', { ...of('f2'), ...ten })], policy, first);
    const partly = accountAfter([ask('ReversePayment', 'r', { paymentId: 'p2', amount: '1' })], policy, done);
    const whole = part('p3', '10.00', { part: 'whole' });
    expect(decide(whole, partly, policy)).toEqual(repeating('p2', 'payment'));
    const undone = accountAfter([ask('ReversePayment', 'r', { paymentId: 'p1' })], policy, done);
    const used = { type: 'ExternalTransactionAlreadyUsed', paymentId: 'p1', reversed: true };
    expect(refused(whole, undone)).toMatchObject(used);
    expect(refused(part('p3', '5.00', { ...of('f1'), ...ten }), undone)).toMatchObject(used);
    expect(decide(part('p3', '5.00', of('f2')), undone, policy)).toEqual(repeating('p2', 'payment'));
  });

  it('is recorded with its allocations reduced from the last one', () => {
    const allocations = [
      { feeId: 'lost', amount: '2.00' },
      { feeId: 'f2', amount: '4.00' },
      { feeId: 'f1', amount: '4.00' },
    ];
    const [event] = factsOf(decide(part('p2', '10.00', { allocations, part: 'whole' }), first, policy));
    expect(event?.data).toMatchObject({
      amount: '5.00',
      allocations: [
        { feeId: 'lost', amount: '2.00' },
        { feeId: 'f2', amount: '3.00' },
      ],
      feesNamed: ['lost', 'f2', 'f1'],
      externalTransactionTotal: '10.00',
    });
  });

  it('is reduced first by what exceeds its allocations, and not at all if all of it fits', () => {
    const credit = { overpayment: 'credit', ...ten } as const;
    const allocations = [{ feeId: 'f2', amount: '3.00' }];
    const [cut] = factsOf(decide(part('p2', '9.00', { allocations, ...credit }), first, policy));
    const rest = { amount: '2.00' };
    expect(cut?.data).toMatchObject({ amount: '5.00', allocations, overpayment: rest });
    const [fits] = factsOf(decide(part('p2', '5.00', { allocations, ...credit }), first, policy));
    expect(fits?.data).toMatchObject({ amount: '5.00', allocations, overpayment: rest });
  });

  it('has its allocations checked as they were given', () => {
    const allocations = [
      { feeId: 'f2', amount: '5.00' },
      { feeId: 'lost', amount: '4.00' },
    ];
    const off = part('p2', '10.00', { allocations, ...ten });
    expect(refused(off, first)).toEqual({
      ...{ type: 'AllocationsDoNotAddUp', amount: '10.00', allocated: '9.00' },
    });
    const unknown = [allocations[0] as (typeof allocations)[0], { feeId: 'f9', amount: '5.00' }];
    expect(refused(part('p2', '10.00', { allocations: unknown, ...ten }), first)).toEqual({
      ...{ type: 'FeeNotFound', feeId: 'f9' },
    });
  });

  it('is reduced before it is compared with what is owed', () => {
    const done = accountAfter([part('p2', '7.00', { ...of('f2'), ...ten })], policy, first);
    expect(parts(done)[1]).toEqual([500, ['f2']]);
    const fifteen = { ...of('f2'), ...total('15.00') };
    const roomy = recorded(part('p1', '5.00', { ...of('f1'), ...total('15.00') }));
    expect(refused(part('p2', '7.00', fifteen), roomy)).toEqual({
      ...{ type: 'PaymentExceedsOwed', feeId: null, amount: '7.00', owed: '5.00' },
    });
  });

  it('is another transaction under another method, with its own total', () => {
    const card = part('p2', '7.00', { method: 'CREDIT_CARD', ...total('7.00') });
    expect(parts(accountAfter([card], policy, first))).toHaveLength(2);
  });

  it('uses the total given earlier in a list of commands', () => {
    const list = [
      part('p1', '5.00', { ...of('f1'), ...ten }),
      part('p2', '10.00', { part: 'whole' }),
      part('p3', '10.00', { part: 'whole' }),
    ];
    expect(factsOf(decide(list, fees, policy)).map(({ data }) => 'amount' in data && data.amount)).toEqual([
      ...['5.00', '5.00'],
    ]);
  });
});

describe('a part of a transaction without a total', () => {
  const unclear = (recordedAmount: string, amount: string) => ({
    type: 'TransactionAmbiguous',
    ...{ method: 'ONLINE', externalTransactionId: 'x1', recordedAmount, amount },
  });

  it('is the rest if it names no fees and is less than the parts that name fees; otherwise it could be the whole', () => {
    const named = recorded(part('p1', '5.00', of('f1')), part('p2', '3.00', of('f2')));
    expect(parts(accountAfter([part('p3', '7.99')], policy, named))).toHaveLength(3);
    expect(refused(part('p3', '8.00'), named)).toEqual(unclear('8.00', '8.00'));
    expect(refused(part('p3', '20.00'), named)).toEqual(unclear('8.00', '20.00'));
  });

  it('is recorded if it is marked as the rest', () => {
    const named = recorded(part('p1', '5.00', of('f1')));
    const done = accountAfter([part('p2', '5.00', { part: 'rest' })], policy, named);
    expect(done.payments[1]).toMatchObject({ amount: 500, feesNamed: [], part: 'rest' });
    expect(decide(part('p3', '5.00', { part: 'rest' }), done, policy)).toEqual(repeating('p2', 'payment'));
    expect(decide(part('p3', '5.00'), done, policy)).toEqual(repeating('p2', 'payment'));
  });

  it('is ambiguous if it names fees and one without fees is recorded, unless it is larger; refused if that one paid the fee', () => {
    const nameless = recorded(part('p1', '4.00'));
    expect(refused(part('p2', '4.00', of('f2')), nameless)).toEqual(unclear('4.00', '4.00'));
    expect(parts(accountAfter([part('p2', '4.01', of('f2'))], policy, nameless))).toHaveLength(2);
    const used = { type: 'ExternalTransactionAlreadyUsed', paymentId: 'p1' };
    expect(refused(part('p2', '5.00', of('f1')), nameless)).toMatchObject(used);
  });

  it('is recorded if it names fees and the recorded one is marked as the rest, even if that one paid the fee', () => {
    const rest = recorded(part('p1', '4.00', { part: 'rest' }));
    expect(parts(accountAfter([part('p2', '4.00', of('f2'))], policy, rest))).toHaveLength(2);
    const paid = accountAfter([part('p2', '5.00', { ...of('f1'), overpayment: 'credit' })], policy, rest);
    expect(paid.payments[1]).toMatchObject({ amount: 500, allocations: [{ feeId: 'f1', amount: 100 }] });
    // Without that, money that the fee does not owe is refused as any other.
    expect(refused(part('p2', '5.00', of('f1')), rest)).toMatchObject({ type: 'PaymentExceedsOwed' });
  });

  it('is refused as a second rest with another amount', () => {
    const rest = recorded(part('p1', '4.00', { part: 'rest' }));
    const used = { type: 'ExternalTransactionAlreadyUsed', paymentId: 'p1' };
    expect(refused(part('p2', '3.00', { part: 'rest' }), rest)).toMatchObject(used);
  });
});

describe('the fields of a part', () => {
  const faults = (more: object) => {
    const rejection = refusalOf(decide({ ...pay('p1', '5.00'), ...more } as never, fees, policy));
    expect(rejection).toMatchObject({ type: 'InvalidCommand' });
    return (rejection as { faults: readonly { path: string; expected: string }[] }).faults.map(
      ({ path, expected }) => `${path}: ${expected}`,
    );
  };
  const x1 = { externalTransactionId: 'x1' };

  it('belong to an external transaction', () => {
    const expected = ['externalTransactionId: the id of the transaction beside its total or part'];
    expect(faults(total('5.00'))).toEqual(expected);
    expect(faults({ part: 'whole' })).toEqual(expected);
  });

  it('may not name fees for the rest, or another total for the whole', () => {
    const named = ['part: no feeIds and no allocations beside rest without a total'];
    expect(faults({ ...x1, part: 'rest', feeIds: ['f1'] })).toEqual(named);
    expect(faults({ ...x1, part: 'rest', allocations: [{ feeId: 'f1', amount: '5' }] })).toEqual(named);
    expect(faults({ ...x1, part: 'whole', ...total('6') })).toEqual([
      'externalTransactionTotal: the amount, beside the part whole',
    ]);
    const same = { ...pay('p1', '5.00'), ...x1, part: 'whole', ...total('5') } as const;
    expect(decide(same, fees, policy).accepted).toBe(true);
    expect(
      decide({ ...same, part: 'rest', allocations: [], overpayment: 'credit' }, fees, policy).accepted,
    ).toBe(true);
  });

  it('must be amounts and listed values', () => {
    expect(faults({ ...x1, ...total('0') })).toHaveLength(1);
    expect(faults({ ...x1, part: 'half' })).toHaveLength(1);
  });
});

it('records no more than the total with a policy that keeps overpayments', () => {
  const keeping = policyWith({ overpayment: 'credit' });
  const list = [part('p1', '80.00', total('90.00')), part('p2', '20.00', { ...of('f1'), ...total('90.00') })];
  const account = accountAfter(list, keeping, fees);
  expect(account.credits.map(({ amount }) => amount)).toEqual([1000, 1000]);
});
