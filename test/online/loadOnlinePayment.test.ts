import { loadOnlinePayment } from 'patron-fees/online';
import { expect, it } from 'vitest';
import { ann, institution, openShop } from './shop.js';

it('reads a payment of the institution', async () => {
  const shop = await openShop();
  await shop.start('o1', ann);
  const { office } = shop.stores;
  expect(await loadOnlinePayment(office, { institution, onlinePaymentId: 'o1' })).toMatchObject({
    total: '15.50',
  });
  expect(await loadOnlinePayment(office, { institution: 'south', onlinePaymentId: 'o1' })).toBeNull();
  await expect(loadOnlinePayment(office, { institution } as never)).rejects.toThrow('id.onlinePaymentId');
});

it('names the stream of a payment that cannot be read', async () => {
  const shop = await openShop();
  await shop.start('o1', ann);
  const { office } = shop.stores;
  const stream = { institution, stream: 'online:o1' };
  const [first] = (await office.read(stream)).events;
  await office.append(stream, [first?.event as never], { expectedVersion: 1 });
  const read = loadOnlinePayment(office, { institution, onlinePaymentId: 'o1' });
  await expect(read).rejects.toThrow('CORRUPT_HISTORY: north/online:o1: event 2');
});
