import { expect, it } from 'vitest';
import { leftToPersons, paidTwice, unfollowed } from '../../../src/testing/online/leftToPersons.js';
import { memoryStores, newWorld } from '../../../src/testing/online/onlineWorld.js';
import { takeStep } from '../../../src/testing/online/providerSteps.js';
import { quiet, step } from './stories.js';

const apart = { kind: 'capture', externalTransactionId: 'pi_1', patronId: 'ann', what: 'apart' };
const returned = {
  externalTransactionId: 're_2',
  of: 'pi_1',
  accounts: [{ patronId: 'ann', amount: '5.00' }],
};

it('reports a return that waits although its capture is settled as apart', () => {
  const payment = { settled: [apart], recorded: [], returns: [returned] } as never;
  expect(unfollowed({ payments: [payment] })).toEqual(['re_2 of ann does not follow its capture']);
  const recorded = {
    settled: [apart],
    recorded: [{ ...apart, kind: 'return', externalTransactionId: 're_2' }],
  };
  expect(unfollowed({ payments: [{ ...recorded, returns: [returned] } as never] })).toEqual([]);
});

it('reports money that an account refuses, and a part that is refused although a person reported it', async () => {
  const world = await newWorld(quiet, memoryStores);
  const books = { accounts: new Map(), payments: [], kept: [] };
  world.refused.push('re_2 does not fit');
  const finding = { institution: 'north', onlinePaymentId: 'o1', code: 'TAKEN_NOT_RECORDED' } as const;
  const findings = ['5.00 (FeeIsDisputed)', '4.00 (AfterSettled)'].map((message) => ({
    ...finding,
    message,
  }));
  expect(leftToPersons(world, books, findings)).toEqual(['5.00 (FeeIsDisputed)', 're_2 does not fit']);
});

it('reports a row that stays settled although its transaction is recorded', async () => {
  const world = await newWorld(quiet, memoryStores);
  for (const kind of ['start', 'take', 'tell'] as const) await takeStep(world, step(kind), world.stores);
  const payment = await world.payment('o1');
  const row = { kind: 'row', because: 'UNKNOWN_PAYMENT', ids: ['row_1', 'pi_1'], posted: undefined } as const;
  const books = (state: string) => ({
    accounts: new Map(),
    payments: [payment as never],
    kept: [{ ...row, state }],
  });
  expect(leftToPersons(world, books('open'), [])).toEqual([]);
  const [found] = leftToPersons(world, books('settled'), []);
  expect(found).toBe('the row row_1 stays settled although its transaction is recorded');
});

it('reports no double payment while a won chargeback waits for a person', async () => {
  const world = await newWorld(quiet, memoryStores);
  for (const kind of ['start', 'take', 'tell', 'giveBack', 'tell', 'comesBack', 'tell'] as const)
    await takeStep(world, step(kind), world.stores);
  expect(await paidTwice(world)).toEqual([]);
});
