import { expect, it } from 'vitest';
import { judge } from '../../../src/testing/online/judge.js';
import { memoryStores, newWorld } from '../../../src/testing/online/onlineWorld.js';
import { takeStep } from '../../../src/testing/online/providerSteps.js';
import { quiet, step } from './stories.js';

it('reports money that was taken and is neither in the books, nor in a finding, nor settled', async () => {
  const world = await newWorld(quiet, memoryStores);
  for (const kind of ['start', 'take'] as const) await takeStep(world, step(kind), world.stores);
  const silent = ['capture pi_1 of 550: 0 (paid 0, fee 0, apart 0, undone 0)'];
  expect(await judge(world, [])).toEqual(silent);
  const named = {
    institution: 'north',
    onlinePaymentId: 'o1',
    code: 'REPORT_REFUSED',
    message: 'pi_1',
  } as const;
  expect(await judge(world, [named])).toEqual([]);
  await takeStep(world, step('tell'), world.stores);
  expect(await judge(world, [])).toEqual([]);
});

it('reports recorded money that nobody took', async () => {
  const world = await newWorld(quiet, memoryStores);
  for (const kind of ['start', 'take', 'tell'] as const) await takeStep(world, step(kind), world.stores);
  const payment = { type: 'ReceivePayment', method: 'ONLINE', amount: '1.00', overpayment: 'credit' };
  await world.give('ben', { ...payment, externalTransactionId: 'pi_x' });
  expect(await judge(world, [])).toEqual(['pi_x was never taken', 'cash is 650 and should be 550']);
});
