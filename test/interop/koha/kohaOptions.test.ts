import { expect, it } from 'vitest';
import { balancesInMinorUnits, definePolicy } from '../../../src/index.js';
import { kohaAccountHandler } from '../../../src/interop/koha/index.js';
import { at, charges, kohaClient, policy } from './kohaClient.js';

it.each([
  ['a method', { paymentMethod: 'SHELLS' }],
  ['a waiving reason', { reasons: { WRITEOFF: 'NONE' } }],
  ['a reason for credits', { reasons: { CREDIT: 'NONE' } }],
  ['a time zone', { timeZone: 'Mars/North' }],
  ['an option', { port: 8080 }],
])('throws for %s that does not exist', (_name, wrong) => {
  const now = () => at;
  const given = {
    store: { read: () => undefined },
    policy,
    institution: 'N',
    now,
    newId: () => 'x',
    patron: () => undefined,
    ...wrong,
  };
  expect(() => kohaAccountHandler(given as never)).toThrow('INVALID_ARGUMENT');
});

it('needs no method with the name ONLINE if another method is given', async () => {
  const own = definePolicy({ currency: 'EUR', paymentMethods: { KLARNA: 'Klarna' } });
  const { credit, account } = await kohaClient(charges(['f1', '10.00'], ['f2', '2.55']), {
    policy: own,
    paymentMethod: 'KLARNA',
    reasons: {},
  });
  await credit({ amount: 12.55 });
  expect(balancesInMinorUnits(await account()).payable).toBe(0);
});
