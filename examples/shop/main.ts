// The shop: `npm run shop`, then open the address that it prints. The provider delivers its webhooks a second late.
import { serve } from '@hono/node-server';
import { runOnlinePayments } from 'patron-fees/online';
import { shopApp } from './app.js';
import { institution, openShop } from './shop.js';

const shop = await openShop();
const app = shopApp(shop);
const deliver = async () => {
  const { body, signature } = shop.provider.waiting.shift() ?? {};
  if (body === undefined || signature === undefined) return;
  await app.request('/webhooks', { method: 'POST', body, headers: { 'stripe-signature': signature } });
};
let after: string | null = null;
const monitor = async () => {
  const form = { institution, at: shop.now(), after };
  const onRecorded = shop.sendReceipt;
  const { cursor, findings } = await runOnlinePayments(shop.stores, shop.policy, form, { onRecorded });
  after = cursor;
  for (const { message } of findings.first) shop.alarm(message);
};
const timers = [setInterval(deliver, 1_000), setInterval(monitor, 60_000)];
const options = { fetch: app.fetch, hostname: '127.0.0.1', port: Number(process.env.SHOP_PORT ?? 8788) };
const server = serve(options, ({ port }) =>
  console.log(`The shop is open at http://127.0.0.1:${port}/patrons/dverma`),
);
for (const signal of ['SIGINT', 'SIGTERM'] as const) {
  process.once(signal, () => {
    for (const timer of timers) clearInterval(timer);
    server.close();
  });
}
