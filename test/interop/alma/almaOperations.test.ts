import { describe, expect, it } from 'vitest';
import { execute, memoryEventStore } from '../../../src/history/index.js';
import {
  balancesInMinorUnits,
  feeStatus,
  findFee,
  type PatronAccount,
  type Rejection,
} from '../../../src/index.js';
import {
  type AlmaError,
  almaError,
  errorOfRejection,
  type OperationParameters,
  operate,
} from '../../../src/interop/alma/almaOperations.js';
import { serviceContext } from '../../../src/interop/doorOptions.js';
import { groupOf } from '../../../src/patron/patronGroup.js';
import { at, charges, policy } from './almaClient.js';

async function desk(
  setUp: (store: ReturnType<typeof memoryEventStore>) => ReturnType<typeof memoryEventStore> = (s) => s,
) {
  const store = memoryEventStore({ now: () => at });
  await execute(
    store,
    policy,
    { institution: 'NORTH', patronId: 'p1' },
    charges(['f1', '5'], ['f2', '2.50']),
  );
  let ids = 0;
  const context = serviceContext({
    store: setUp(store),
    policy,
    institution: 'NORTH',
    now: () => at,
    newId: () => `id-${++ids}`,
  });
  const where = { ...context, patron: { patronId: 'p1' }, by: { channel: 'online' } } as const;
  return async (feeId: string, parameters: Partial<OperationParameters>) => {
    const none = {
      op: undefined,
      amount: undefined,
      method: undefined,
      reason: undefined,
      comment: undefined,
    };
    const all = { ...none, externalTransactionId: undefined, ...parameters };
    const group = await groupOf(context, 'p1');
    return (await operate(feeId, all, { ...where, group })) ?? group[0].account;
  };
}

const payable = (done: PatronAccount | AlmaError) =>
  'errorCode' in done ? done : balancesInMinorUnits(done).payable;

describe('operate', () => {
  it('pays an amount of a fee, or all that is owed on it', async () => {
    const ask = await desk();
    expect(payable(await ask('f1', { op: 'pay', amount: '1.5', method: 'CASH' }))).toBe(600);
    expect(payable(await ask('f1', { op: 'pay', method: 'CASH' }))).toBe(250);
    expect(payable(await ask('f2', { op: 'pay', method: 'CASH', amount: 'ALL' }))).toBe(0);
    expect(await ask('f2', { op: 'pay', method: 'CASH' })).toMatchObject({
      errorCode: '401666',
      errorMessage: expect.stringContaining('Nothing is owed.'),
    });
  });

  it('pays an amount of all fees, or all', async () => {
    const ask = await desk();
    expect(payable(await ask('all', { op: 'pay', amount: '6', method: 'CASH' }))).toBe(150);
    expect(payable(await ask('all', { op: 'pay', amount: 'ALL', method: 'CASH' }))).toBe(0);
  });

  it('recognises a payment of all that is owed if it is sent again', async () => {
    const ask = await desk();
    const one = { op: 'pay', method: 'ONLINE', externalTransactionId: 'X1' };
    const rest = { ...one, amount: 'ALL', externalTransactionId: 'X2' };
    for (const expected of [250, 250]) expect(payable(await ask('f1', one))).toBe(expected);
    for (const expected of [0, 0]) expect(payable(await ask('all', rest))).toBe(expected);
    const done = await ask('f1', one);
    expect('errorCode' in done ? done : done.payments.map(({ amount }) => amount)).toEqual([500, 250]);
  });

  it('waives, disputes and restores a fee', async () => {
    const ask = await desk();
    const waived = await ask('f1', { op: 'waive', amount: '1', reason: 'OTHER', comment: 'closed' });
    expect(payable(waived)).toBe(650);
    expect('errorCode' in waived ? undefined : findFee(waived, 'f1')?.transactions.at(-1)).toMatchObject({
      kind: 'waiver',
      reason: 'OTHER',
      comment: 'closed',
    });
    const disputed = await ask('f1', { op: 'dispute' });
    expect('errorCode' in disputed ? undefined : balancesInMinorUnits(disputed)).toMatchObject({
      disputed: 400,
      payable: 250,
    });
    expect(payable(await ask('f1', { op: 'restore' }))).toBe(650);
    const closed = await ask('f1', { op: 'waive', reason: 'OTHER' });
    const fee = 'errorCode' in closed ? undefined : findFee(closed, 'f1');
    expect(fee && feeStatus(fee)).toBe('closed');
  });

  it.each([
    ['f1', {}],
    ['f1', { op: 'delete' }],
    ['f1', { op: 'PAY', method: 'CASH' }],
    ['f1', { op: 'pay' }],
    ['f1', { op: 'pay', method: 'SHELLS' }],
    ['f1', { op: 'pay', method: 'CASH', amount: '-1' }],
    ['f1', { op: 'pay', method: 'CASH', amount: '1,50' }],
    ['f1', { op: 'pay', method: 'CASH', amount: 'all' }],
    ['f1', { op: 'pay', method: 'CASH', amount: '5.01' }],
    ['f1', { op: 'pay', method: 'CASH', amount: '1', externalTransactionId: 'x'.repeat(201) }],
    ['f1', { op: 'waive' }],
    ['f1', { op: 'waive', reason: 'BECAUSE' }],
    ['f1', { op: 'waive', reason: 'OTHER', amount: '9' }],
    ['f1', { op: 'restore' }],
    ['all', { op: 'waive', reason: 'OTHER' }],
    ['all', { op: 'pay', method: 'CASH' }],
    ['all', { op: 'pay', method: 'CASH', amount: '7.51' }],
  ])('refuses %s with %o', async (feeId, parameters) => {
    const ask = await desk();
    expect(await ask(feeId, parameters)).toMatchObject({ errorCode: '401666', status: 400 });
    expect(payable(await ask('all', { op: 'pay', method: 'CASH', amount: '7.50' }))).toBe(0);
  });

  it.each(['pay', 'waive', 'dispute', 'restore'])('finds no fee to %s', async (op) => {
    const ask = await desk();
    const parameters = { op, method: 'CASH', reason: 'OTHER' };
    expect(await ask('f9', parameters)).toMatchObject({ errorCode: '401665' });
    expect(await ask('f9', { ...parameters, amount: '1.00' })).toMatchObject({ errorCode: '401665' });
  });

  it('computes the amount again if somebody else changes the account meanwhile', async () => {
    let changes = 3;
    const stream = { institution: 'NORTH', patronId: 'p1' };
    const ask = await desk((store) => ({
      ...store,
      append: async (to, events, options) => {
        if (changes > 0) {
          changes -= 1;
          await execute(store, policy, stream, charges([`more-${changes}`, '1.00']));
        }
        return store.append(to, events, options);
      },
    }));
    const done = await ask('all', { op: 'pay', amount: 'ALL', method: 'CASH' });
    expect('errorCode' in done ? done : done.payments.map(({ amount }) => amount)).toEqual([1_050]);
    expect(payable(done)).toBe(0);
  });
});

describe('almaError', () => {
  it("has Alma's message, a detail if there is one, and the status 400", () => {
    expect(almaError('401665')).toEqual({
      errorCode: '401665',
      errorMessage: 'Fine not found.',
      status: 400,
    });
    expect(almaError('402119', 'The disk is full.', 500)).toEqual({
      errorCode: '402119',
      errorMessage: 'General error. The disk is full.',
      status: 500,
    });
  });
});

describe('errorOfRejection', () => {
  const known = { nearest: null, codes: ['A', 'B'], count: 2 };
  const unknownType: Rejection = { type: 'FeeTypeUnknown', kind: 'invalid', feeType: 'X', known };

  it.each([
    [{ type: 'FeeNotFound', kind: 'notFound', feeId: 'f9' }, false, '401665', 'Fine not found.'],
    [
      unknownType,
      true,
      '4019992',
      'User fine/fee type invalid entry. There is no fee type X. The policy has A, B.',
    ],
    [unknownType, false, '401666', 'Parameter is not valid. There is no fee type X. The policy has A, B.'],
    [
      { type: 'NothingOwed', kind: 'conflict', feeId: 'f1' },
      false,
      '401666',
      'Parameter is not valid. Nothing is owed on fee f1.',
    ],
  ] as const)('of %o', (rejection, isCreation, errorCode, errorMessage) => {
    expect(errorOfRejection(rejection, { isCreation })).toEqual({ errorCode, errorMessage, status: 400 });
  });
});
