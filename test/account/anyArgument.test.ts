import fc from 'fast-check';
import { expect, it } from 'vitest';
import { evolve } from '../../src/account/evolve.js';
import { execute, memoryEventStore } from '../../src/history/index.js';
import { decide, emptyAccount, fold, isPatronFeesError } from '../../src/index.js';
import { anything } from '../../src/testing/arbitraries/anything.js';
import { described } from '../../src/testing/described.js';
import { accountAfter, assess, pay, policy } from '../support/account.js';
import { assessed } from '../support/events.js';
import { tried } from '../support/seeded.js';

const account = accountAfter([assess('f1', '5.00')], policy);
const now = '2026-03-02T09:00:00Z';
const stream = { institution: 'north', patronId: 'p1' };

/** What is thrown must be an error of the library. */
const typed = (run: () => unknown) => {
  try {
    run();
  } catch (error) {
    if (!isPatronFeesError(error)) expect.fail(`something else was thrown: ${described(error, 'stack')}`);
  }
};
const eachCall = (odd: never) => [
  () => decide(odd, account, policy),
  () => decide(pay('p', '1.00'), odd, policy),
  () => decide(pay('p', '1.00'), account, odd),
  () => decide(pay('p', '1.00'), account, policy, odd),
  () => decide(pay('p', '1.00'), account, policy, { others: odd }),
  () => decide(pay('p', '1.00'), account, policy, { others: [odd] }),
  () => decide(pay('p', '1.00'), account, policy, { now: odd }),
  // A list that throws while it is read is the caller's: its error passes through.
  () => fold([odd]),
  () => fold([assessed('f2', '1.00')], odd),
  () => fold([assessed('f2', '1.00')], account, odd),
  () => fold([assessed('f1', '1.00')], account, { stream: odd }),
  () => evolve(odd, assessed('f2', '1.00')),
  () => evolve(account, odd),
];

it('every function returns a result or throws an error of the library, whatever its arguments are', () => {
  const before = JSON.stringify(account);
  fc.assert(
    fc.property(anything(fc), (make) => {
      for (const run of eachCall(make() as never)) typed(run);
      expect(JSON.stringify(account)).toBe(before);
    }),
    tried(1_000),
  );
});

it.each([null, 5, 'x', true, () => 0, { others: null }, { others: 'x' }, { others: { length: 1 } }])(
  '%j is not accepted as the options of `decide`',
  (odd) =>
    expect(() => decide(pay('p', '1.00'), account, policy, odd as never)).toThrow(
      expect.objectContaining({
        name: 'PatronFeesError',
        code: 'INVALID_ARGUMENT',
        message:
          'INVALID_ARGUMENT: options: expected an object with a list of accounts as `others`, and `now`, or nothing',
      }),
    ),
);

it.each([null, 5, 'x', { stream: 5 }])('%j is not accepted as the options of `fold`', (odd) =>
  expect(() => fold([], undefined, odd as never)).toThrow(
    expect.objectContaining({
      name: 'PatronFeesError',
      code: 'INVALID_ARGUMENT',
      message: 'INVALID_ARGUMENT: options: expected an object with a text as `stream`, or nothing',
    }),
  ),
);

it('`execute` refuses odd options before it reads the account', async () => {
  for (const odd of [null, 5, 'x', { expectedVersion: 'x' }])
    await expect(
      execute(memoryEventStore({ now: () => now }), policy, stream, assess('f1', '1.00'), odd as never),
    ).rejects.toMatchObject({ name: 'PatronFeesError', code: 'INVALID_ARGUMENT' });
});

it('options may be left out or undefined', () => {
  const command = pay('p', '1.00');
  const expected = decide(command, account, policy);
  for (const none of [undefined, {}, { others: undefined, now: undefined }, { others: [] }, { now }])
    expect(decide(command, account, policy, none as never)).toEqual(expected);
  expect(fold([], emptyAccount(), { stream: undefined } as never)).toEqual(emptyAccount());
});
