import type { Hono } from 'hono';
import { shopApp } from '../../../examples/shop/app.js';
import type { Webhook } from '../../../examples/shop/provider.js';
import { openShop, type Shop } from '../../../examples/shop/shop.js';

/** Opens a shop whose ids are counted and whose alarms are kept. */
export async function sampleShop(parts: Partial<Shop> = {}) {
  let ids = 0;
  const alarms: string[] = [];
  const now = () => '2026-11-26T15:00:00.000Z';
  const shop = await openShop({
    now,
    newId: () => `op${++ids}`,
    alarm: (text) => void alarms.push(text),
    ...parts,
  });
  return { shop, app: shopApp(shop), alarms };
}

/** Delivers a webhook, and returns the status of the answer. */
export async function deliver(app: Hono, { body, signature }: Webhook): Promise<number> {
  const headers = { 'stripe-signature': signature };
  return (await app.request('/webhooks', { method: 'POST', body, headers })).status;
}
