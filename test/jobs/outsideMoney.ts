// A month of money that does not come over a desk: online payments, what an external system collects, plans. What each step
// does to the books is told to `post`, and not taken from the code of the journal.
import type { Command, FeePolicy } from 'patron-fees';
import { executeRemittance } from 'patron-fees/bursar';
import type { EventStore } from 'patron-fees/history';
import type { BankItem, OfficeStore } from 'patron-fees/office';
import {
  type PayoutRow,
  reconcilePayouts,
  reportOnlinePayment,
  startOnlinePayment,
} from 'patron-fees/online';
import { expect } from 'vitest';

/** What a month has of it, in minor units. */
export type OutsideMoney = {
  readonly online: number;
  readonly providerFee: number;
  readonly transferred: number;
  readonly settled: number;
  readonly commission: number;
  readonly planned: number;
};

/** The service fee of an online payment, in minor units. */
export const SERVICE_FEE = 50;

/** Where a month is played, and how. */
export type OutsideMonth = {
  readonly stores: { readonly accounts: EventStore; readonly office: OfficeStore };
  readonly policy: FeePolicy;
  readonly institution: string;
  readonly currency: string;
  readonly index: number;
  readonly at: string;
  /** Writes minor units as a decimal string. */
  readonly text: (minor: number) => string;
  /** Returns the tax in an amount. */
  readonly taxIn: (minor: number) => number;
  readonly give: (id: { institution: string; patronId: string }, ...commands: Command[]) => Promise<void>;
  /** Confirms an item by an entry of the bank. */
  readonly atBank: (item: BankItem) => Promise<void>;
  readonly post: (from: string, to: string, minor: number) => void;
};

const by = { channel: 'desk', userId: 'ana', desk: 'CIRC', library: 'MAIN' } as const;

/** Charges a fee, with its tax. */
async function charged(month: OutsideMonth, patronId: string, feeId: string, minor: number) {
  const { institution, give, at, text, taxIn, post } = month;
  const fee = { type: 'AssessFee', id: feeId, feeType: 'OTHER', owner: 'MAIN', at, by } as const;
  await give({ institution, patronId }, { ...fee, amount: text(minor) });
  post('Income:Revenue:MAIN:OTHER', 'Assets:Receivable:MAIN', minor);
  post('Liabilities:Vat:19', 'Income:Revenue:MAIN:OTHER', taxIn(minor));
}

/** A patron pays online; the provider pays it out, less its fee, and the bank has it. */
export async function paidOnline(month: OutsideMonth, { online, providerFee }: OutsideMoney) {
  const { stores, policy, institution, currency, index, at, text, taxIn, atBank, post } = month;
  const [patronId, feeId, onlinePaymentId] = [`${currency} online`, `o${index}`, `${currency}-${index}`];
  await charged(month, patronId, feeId, online);
  const total = text(online + SERVICE_FEE);
  const form = { institution, onlinePaymentId, at } as const;
  expect(await startOnlinePayment(stores, policy, { ...form, parts: [{ patronId, feeId }] })).toMatchObject({
    accepted: true,
  });
  const capture = { externalTransactionId: `ch ${onlinePaymentId}`, amount: total, currency };
  const ended = { cause: 'completed', final: true } as const;
  expect(await reportOnlinePayment(stores, policy, { ...form, captures: [capture], ended })).toMatchObject({
    accepted: true,
  });
  post('Assets:Receivable:MAIN', 'Assets:Cash:ONLINE', online);
  post('Income:ServiceFees:ONLINE', 'Assets:Cash:ONLINE', SERVICE_FEE);
  post('Liabilities:Vat:19', 'Income:ServiceFees:ONLINE', taxIn(SERVICE_FEE));

  const net = online + SERVICE_FEE - providerFee;
  const money = { amount: total, gross: total, fee: text(providerFee), net: text(net) };
  const payoutId = `po ${onlinePaymentId}`;
  const row: PayoutRow = {
    ...{ rowId: `row ${onlinePaymentId}`, reference: onlinePaymentId, type: 'capture' as const },
    ...{ transaction: capture.externalTransactionId, payoutId, paidOn: at.slice(0, 10) },
    ...{ ...money, currency, payoutCurrency: currency },
  };
  const report = await reconcilePayouts(stores, policy, { institution, at }, { rows: [row] });
  expect(report).toMatchObject({ recorded: 1, findings: { count: 0 } });
  post('Assets:Cash:ONLINE', 'Assets:PaidOut:ONLINE', net);
  post('Assets:Cash:ONLINE', 'Expenses:ProviderFees:ONLINE', providerFee);
  await atBank({ kind: 'payout', method: 'ONLINE', payoutId, amount: text(net) });
  post('Assets:PaidOut:ONLINE', `Assets:Bank:${currency}`, net);
}

/** An external system collects a part of a fee, and hands it over less its commission. */
export async function collectedElsewhere(
  month: OutsideMonth,
  { transferred, settled, commission }: OutsideMoney,
) {
  const { stores, policy, institution, currency, index, at, text, give, atBank, post } = month;
  const [patronId, feeId, remittanceId] = [`${currency} elsewhere`, `t${index}`, `r${index}`];
  // The books of an external system are in one currency.
  const destination = currency;
  await charged(month, patronId, feeId, transferred);
  const [transferId, amount] = [`x${index}`, text(settled)];
  await give(
    { institution, patronId },
    { type: 'TransferFees', id: transferId, fees: [{ feeId }], destination, expectsSettlement: true, at, by },
    { type: 'SettleTransfer', id: `y${index}`, transferId, amount, at, by },
  );
  post('Assets:Receivable:MAIN', `Assets:Transferred:${destination}`, transferred);
  post(`Assets:Transferred:${destination}`, `Assets:Settled:${destination}`, settled);
  const handedOver = text(settled - commission);
  const money = { amount: handedOver, ...(commission > 0 && { commission: text(commission) }) };
  const remittance = {
    type: 'RecordRemittance',
    id: remittanceId,
    destination,
    direction: 'received',
  } as const;
  expect(
    await executeRemittance(stores.office, policy, { institution }, { ...remittance, ...money, at, by }),
  ).toMatchObject({ decision: { accepted: true } });
  post(`Assets:Settled:${destination}`, `Assets:Remitted:${destination}`, settled - commission);
  post(`Assets:Settled:${destination}`, `Expenses:Commission:${destination}`, commission);
  if (index % 2 === 0) return;
  await atBank({ kind: 'remittance', destination, remittanceId, amount: handedOver });
  post(`Assets:Remitted:${destination}`, `Assets:Bank:${currency}`, settled - commission);
}

/** A patron pays a fee in two instalments; a plan moves nothing. */
export async function paidByPlan(month: OutsideMonth, { planned }: OutsideMoney) {
  const { institution, currency, index, at, text, give, post } = month;
  const [patronId, feeId] = [`${currency} plan`, `n${index}`];
  await charged(month, patronId, feeId, planned);
  const parts = [Math.ceil(planned / 2), Math.floor(planned / 2)].map(text);
  const pay = { type: 'ReceivePayment', method: 'CHECK', feeIds: [feeId], at, by } as const;
  await give(
    { institution, patronId },
    {
      type: 'AgreePaymentPlan',
      id: `plan ${index}`,
      feeIds: [feeId],
      instalments: parts.map((amount, part) => ({ dueOn: `2027-0${part + 1}-01`, amount })),
      at,
      by,
    },
    ...parts.map((amount, part) => ({ ...pay, id: `pay ${index} ${part}`, amount })),
  );
  post('Assets:Receivable:MAIN', 'Assets:Cash:CHECK', planned);
}
