import { describe, it } from 'vitest';
import { definePolicy, splitEvenly } from '../../../src/index.js';
import { feeSystemConformance } from '../../../src/testing/index.js';
import { ourFeeSystem } from './rightSystems/ourFeeSystem.js';
import { plainFeeSystem } from './rightSystems/plainFeeSystem.js';

const usd = definePolicy({ currency: 'USD' });
const keeping = definePolicy({ currency: 'USD', overpayment: 'credit', paymentOrder: 'evenly' });

describe('our account behind the interface', () => {
  for (const { title, run } of feeSystemConformance(() => ourFeeSystem(usd), { runs: 50 })) it(title, run);
});

describe('a plain system that changes its rows in place', () => {
  for (const { title, run } of feeSystemConformance(() => plainFeeSystem().system, { policy: usd }))
    it(title, run);
});

describe('a plain system that keeps overpayments and spreads payments evenly', () => {
  const open = () => plainFeeSystem({ overpayment: 'credit', split: splitEvenly }).system;
  for (const { title, run } of feeSystemConformance(open, { policy: keeping })) it(title, run);
});
