import { expect, it } from 'vitest';
import { execute } from '../../src/history/index.js';
import { definePolicy } from '../../src/index.js';
import { payAsClient } from '../../src/interop/clientPayment.js';
import { serviceContext } from '../../src/interop/serviceOptions.js';
import { groupOf } from '../../src/patron/patronGroup.js';
import { at, charges, doorOptions } from './doorClient.js';

it('records a transaction once, and refuses ids that programs send if they have none', async () => {
  const { options } = doorOptions(definePolicy({ currency: 'USD' }));
  const context = serviceContext(options);
  await execute(
    options.store,
    options.policy,
    { institution: 'NORTH', patronId: 'p1' },
    charges('MAIN', ['f1', '5.00']),
  );
  const pay = async (id: string, transaction?: string) => {
    const admitted = {
      patron: { patronId: 'p1' },
      group: await groupOf(context, 'p1'),
      by: { channel: 'online' as const },
    };
    return payAsClient(context, admitted, { id, at, amount: '2.00', method: 'ONLINE', transaction });
  };
  expect(await pay('a', 'undefined')).toEqual({ refused: 'no transaction' });
  const amounts = async (...given: Parameters<typeof pay>) => {
    const paid = await pay(...given);
    return 'refused' in paid ? paid.refused : paid.map(({ payment }) => payment.amount);
  };
  expect([await amounts('b', 'T'), await amounts('c', 'T'), await amounts('d')]).toEqual([
    [200],
    [200],
    [200],
  ]);
  expect(await pay('e')).toMatchObject({ refused: { type: 'PaymentExceedsOwed' } });
});
