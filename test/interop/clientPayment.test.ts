import { expect, it } from 'vitest';
import { execute } from '../../src/history/index.js';
import { definePolicy } from '../../src/index.js';
import { isNoTransactionId, payAsClient } from '../../src/interop/clientPayment.js';
import { serviceContext } from '../../src/interop/doorOptions.js';
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

it('recognizes what programs write for a missing value, and nothing else', () => {
  const nothing = [
    '',
    ' ',
    '0',
    '0000',
    'undefined',
    'Null',
    '(null)',
    'None',
    'NaN',
    'false',
    '[object Object]',
    '{}',
  ];
  expect(nothing.filter((text) => !isNoTransactionId(text))).toEqual([]);
  const ids = ['1', '0a', '00-1', 'none-1', 'nullable', 'object Object', '[object]', '-', 'X'];
  expect(ids.filter(isNoTransactionId)).toEqual([]);
});
