import { randomUUID } from 'node:crypto';
import { definePolicy, type FeePolicy } from 'patron-fees';
import { type EventStore, execute, memoryEventStore } from 'patron-fees/history';
import { type OfficeStore, officeEvents } from 'patron-fees/office';
import type { RecordedOnline } from 'patron-fees/online';
import Stripe from 'stripe';
import { type Provider, sampleProvider } from './provider.js';

/** All that the shop works with. */
export type Shop = {
  readonly stores: { readonly accounts: EventStore; readonly office: OfficeStore };
  readonly policy: FeePolicy;
  readonly provider: Provider;
  /** Only its check of signatures is used: nothing is sent. */
  readonly stripe: Stripe;
  /** The secret that the provider signs its webhooks with. */
  readonly webhookSecret: string;
  readonly now: () => string;
  /** A random id of a payment; nothing of the patron. */
  readonly newId: () => string;
  /** Sends the payer a receipt, once the account has recorded the payment. */
  readonly sendReceipt: (recorded: RecordedOnline) => void;
  /** Takes note of what a person must look at. */
  readonly alarm: (message: string) => void;
};

/** The institution of the shop. */
export const institution = 'north';

export const policy = definePolicy({
  currency: 'USD',
  onlinePayments: {
    method: 'ONLINE',
    serviceFee: { amount: '0.50' },
    minimumAmount: '1.00',
    shortfallFee: { feeType: 'OTHER', owner: 'MAIN' },
  },
});

/** Opens a shop in memory, with two patrons who owe something. */
export async function openShop(parts: Partial<Shop> = {}): Promise<Shop> {
  const now = parts.now ?? (() => new Date().toISOString());
  const stripe = new Stripe('sk_test_no_network');
  const webhookSecret = 'whsec_example';
  const shop: Shop = {
    stores: { accounts: memoryEventStore({ now }), office: memoryEventStore({ now, codec: officeEvents }) },
    policy,
    provider: sampleProvider(stripe, webhookSecret, now),
    stripe,
    webhookSecret,
    now,
    newId: randomUUID,
    sendReceipt: ({ recorded }) =>
      console.log(`A receipt of ${recorded.amount} ${recorded.currency} for ${recorded.patronId}`),
    alarm: console.error,
    ...parts,
  };
  for (const patronId of ['dverma', 'lwong']) {
    const fee = { type: 'AssessFee', owner: 'MAIN', at: now() } as const;
    await execute(shop.stores.accounts, policy, { institution, patronId }, [
      { ...fee, id: 'f1', feeType: 'OVERDUEFINE', amount: '2.50', item: { title: 'Middlemarch' } },
      { ...fee, id: 'f2', feeType: 'DAMAGEDITEMFINE', amount: '10.00', item: { title: 'A History of Maps' } },
      { ...fee, id: 'f3', feeType: 'OTHER', amount: '4.00' },
      { type: 'DisputeFee', id: 'd1', feeId: 'f3', at: now() },
    ]);
  }
  return shop;
}
