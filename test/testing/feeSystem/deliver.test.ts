import { describe, expect, it } from 'vitest';
import {
  deliver,
  deliverAtOnce,
  isNotOffered,
  type Outcome,
} from '../../../src/testing/feeSystem/deliver.js';
import type { FeeRequest, NamedRequest } from '../../../src/testing/feeSystem/requests.js';
import type { FeeSystem } from '../../../src/testing/index.js';
import { plainFeeSystem } from './rightSystems/plainFeeSystem.js';

const asked: NamedRequest = { name: 'dispute', request: { id: 'd1', feeId: 'f1' } };
const yes = { answer: { accepted: true } };

function withDispute(dispute: (request: FeeRequest) => unknown): FeeSystem {
  return { ...plainFeeSystem().system, dispute: dispute as never };
}

describe('delivering a request', () => {
  it('sends it once, twice in a row, or twice at once', async () => {
    let [running, most, times] = [0, 0, 0];
    const system = withDispute(async () => {
      running += 1;
      times += 1;
      most = Math.max(most, running);
      await Promise.resolve();
      running -= 1;
      return { accepted: true };
    });
    expect(await deliver(system, asked, 'once')).toEqual([yes]);
    expect(await deliver(system, asked, 'twice')).toEqual([yes, yes]);
    expect([times, most]).toEqual([3, 1]);
    expect(await deliver(system, asked, 'twiceAtOnce')).toEqual([yes, yes]);
    expect([times, most]).toEqual([5, 2]);
    expect(await deliverAtOnce(system, [asked, asked])).toEqual([yes, yes]);
  });

  it('accepts that a request is not offered only if it was refused', async () => {
    const answered = async (answer: object) => {
      const [outcome] = await deliver(
        withDispute(async () => answer),
        asked,
        'once',
      );
      return isNotOffered(outcome as Outcome);
    };
    expect(await answered({ accepted: false, notOffered: true })).toBe(true);
    expect(await answered({ accepted: true, notOffered: true })).toBe(false);
    expect(await answered({ accepted: false })).toBe(false);
    expect(await answered({ accepted: false, notOffered: 'yes' })).toBe(false);
  });

  it('sends a copy, which the system may change', async () => {
    const system = withDispute((request) => {
      Object.assign(request, { feeId: 'f9' });
      return { accepted: true };
    });
    await deliver(system, asked, 'twice');
    expect(asked.request).toEqual({ id: 'd1', feeId: 'f1' });
  });

  it('calls the function as a method of the system', async () => {
    const system = withDispute(function (this: unknown) {
      return { accepted: this === system };
    });
    expect(await deliver(system, asked, 'once')).toEqual([yes]);
  });

  it.each([
    [undefined, 'the reply: missing (expected an object)'],
    ['ok', 'the reply: expected an object, found "ok"'],
    [{}, 'accepted: missing (expected true or false)'],
    [{ accepted: 1 }, 'accepted: expected true or false, found 1'],
  ])('fails if the answer is %j', async (answer, failure) => {
    const [outcome] = await deliver(
      withDispute(() => answer),
      asked,
      'once',
    );
    expect(outcome).toEqual({ failure });
  });

  it('fails if the system throws, rejects, or does not have the function', async () => {
    const thrown = new Error('no');
    const thrower = withDispute(() => {
      throw thrown;
    });
    expect(await deliver(thrower, asked, 'once')).toEqual([{ failure: 'no', thrown }]);
    expect(
      await deliver(
        withDispute(() => Promise.reject('down')),
        asked,
        'once',
      ),
    ).toEqual([{ failure: 'down', thrown: 'down' }]);
    const { dispute: _, ...without } = plainFeeSystem().system;
    expect(await deliver(without, asked, 'once')).toEqual([
      { failure: 'it has no function dispute; leave out the capability that needs it' },
    ]);
    const { pay: __, ...penniless } = plainFeeSystem().system;
    const payment = {
      name: 'pay',
      request: { id: 'p1', amount: '1.00', currency: 'USD', feeIds: ['f1'] },
    } as const;
    expect(await deliver(penniless as never, payment, 'once')).toEqual([
      { failure: 'it has no function pay; every system needs it' },
    ]);
  });
});
