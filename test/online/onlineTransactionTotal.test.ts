import { describe, expect, it } from 'vitest';
import { loadAccount, memoryEventStore } from '../../src/history/index.js';
import { definePolicy } from '../../src/index.js';
import { officeEvents } from '../../src/office/index.js';
import {
  onlineTransactionTotal,
  type PayoutRow,
  reconcilePayouts,
  reportOnlinePayment,
  runOnlinePayments,
  startOnlinePayment,
} from '../../src/online/index.js';
import { almaClient, policy as almaPolicy, at, charges } from '../interop/alma/almaClient.js';
import { ann, begun, diesAfter, institution, method, taken } from './shop.js';

const policy = definePolicy({
  ...almaPolicy,
  feeTypes: { ...almaPolicy.feeTypes, LOSTITEMREPLACEMENTFEE: lostType() },
  onlinePayments: {
    method: 'ONLINE',
    serviceFee: { amount: '0.50' },
    shortfallFee: { feeType: 'OTHER', owner: 'MAIN' },
  },
});

function lostType() {
  const { LOSTITEMREPLACEMENTFEE: type } = almaPolicy.feeTypes;
  if (type === undefined) throw new Error('no such type');
  return { ...type, payableOnline: false };
}

type Row = { readonly id: string; readonly balance: number };

const amounts = { amount: '10.50', currency: 'USD', gross: '10.50', fee: '0.00', net: '10.50' };
const paid = { ...amounts, payoutCurrency: 'USD', payoutId: 'po_1', paidOn: '2026-03-04' };
const row: PayoutRow = {
  ...{ rowId: 'r1', reference: 'o1', type: 'capture', transaction: 'X9' },
  ...paid,
};

/** A portal that begins a payment of two fees here, and posts it fee by fee to Alma's API (Finna). */
async function portal() {
  const office = memoryEventStore({ now: () => at, codec: officeEvents });
  const lost = {
    type: 'AssessFee',
    id: 'lost',
    feeType: 'LOSTITEMREPLACEMENTFEE',
    amount: '60',
    owner: 'MAIN',
    at,
  } as const;
  let total = onlineTransactionTotal({ accounts: memoryEventStore({ now: () => at }), office }, 'NORTH');
  const client = await almaClient([...charges(['f1', '5.00'], ['f2', '5.00']), lost], {
    policy,
    transactionTotal: (transaction) => total(transaction),
  });
  const stores = { accounts: client.store, office };
  total = onlineTransactionTotal(stores, 'NORTH');
  const payment = { institution: 'NORTH', onlinePaymentId: 'o1', at };
  await startOnlinePayment(stores, policy, { ...payment, parts: [{ patronId: 'p1' }] });
  const captures = [{ externalTransactionId: 'X9', amount: '10.50', currency: 'USD' }];
  const post = (name: string, amount: number) =>
    client.post(`dverma/fees/${name}?op=pay&amount=${amount}&method=ONLINE&external_transaction_id=X9`);
  return {
    ...{
      stores,
      total: (patronId: string) => total({ patronId, method: 'ONLINE', externalTransactionId: 'X9' }),
    },
    report: () => reportOnlinePayment(stores, policy, { ...payment, captures }),
    /** Records the capture from the row of a payout. */
    readRow: () => reconcilePayouts(stores, policy, { institution: 'NORTH', at }, { rows: [row] }),
    /** Posts what the list shows, then the rest; stops after some calls, because an answer was lost. */
    postAll: async (calls = 99) => {
      const { fee = [] } = (await client.get('dverma/fees')).json as { fee?: Row[] };
      let [left, made] = [10, 0];
      for (const { id, balance } of fee.filter((one) => one.balance < 60)) {
        if (made++ === calls) return;
        await post(id, Math.min(balance, left));
        left -= Math.min(balance, left);
      }
      if (left > 0 && made < calls) await post('all', left);
    },
    figures: async () => {
      const { account } = await loadAccount(client.store, client.stream);
      const monitor = await runOnlinePayments(stores, policy, {
        institution: 'NORTH',
        at: '2026-03-02T12:00:00Z',
      });
      return {
        paid: account.payments.reduce((sum, { amount }) => sum + amount, 0),
        fees: account.fees.map(({ paid }) => paid),
        ...{ missing: monitor.byCurrency.USD?.takenAndNotRecorded, findings: monitor.findings.count },
      };
    },
  };
}

const ten = { paid: 1000, fees: [500, 500, 0], missing: '0.00', findings: 0 };

describe('a portal that begins a payment here and posts it to the API of Alma (Finna)', () => {
  it('records 10.00 of 10.00 if the capture is known before the portal posts', async () => {
    const { report, postAll, figures } = await portal();
    await report();
    await postAll(1);
    await postAll();
    expect(await figures()).toEqual(ten);
  });

  it('also records 10.00 if the capture is reported between the calls of the portal, and again after them', async () => {
    const { report, postAll, figures } = await portal();
    await postAll(1);
    await report();
    await postAll();
    await report();
    expect(await figures()).toEqual(ten);
  });

  it('records 10.00 if the capture is reported after calls that were not repeated', async () => {
    const { report, postAll, figures } = await portal();
    await postAll();
    await report();
    expect(await figures()).toEqual(ten);
  });

  it('records 10.00 if the capture is recorded from its row, before the calls of the portal or between them', async () => {
    for (const calls of [0, 1]) {
      const { readRow, report, postAll, total, figures } = await portal();
      await postAll(calls);
      await readRow();
      expect((await report()).accepted).toBe(true);
      expect(await total('p1')).toBe('10.00');
      await postAll();
      expect(await figures()).toEqual(ten);
    }
  });
});

describe('the total of a transaction', () => {
  it('is taken from the payment, not from a copy that was divided before another capture came', async () => {
    const shop = await begun(ann);
    const total = (externalTransactionId: string) =>
      onlineTransactionTotal(shop.stores, institution)({ patronId: 'ann', method, externalTransactionId });
    expect(await diesAfter(shop, 1, () => shop.report('o1', taken('ch_2', '8.00')))).toBe(true);
    await shop.report('o1', taken('ch_1', '7.50'));
    await shop.report('o1', taken('ch_2', '8.00'));
    expect([await total('ch_1'), await total('ch_2')]).toEqual(['7.00', '8.00']);
  });

  it('is what the transaction pays for the patron, without the service fee; unknown for others and before the capture', async () => {
    const { report, total } = await portal();
    expect(await total('p1')).toBeUndefined();
    await report();
    expect([await total('p1'), await total('p2')]).toEqual(['10.00', undefined]);
    expect(() => onlineTransactionTotal({} as never, '')).toThrow('INVALID_ARGUMENT');
  });
});
