import { execute } from 'patron-fees/history';
import { beforeEach, expect, it } from 'vitest';
import { type Desk, institution, policy } from '../../examples/desk/desk.js';
import { type ClientPage, deskClient, now, sampleDesk } from './support/deskClient.js';

const home = '/patrons/dverma';

let desk: Desk;
let client: ReturnType<typeof deskClient>;

beforeEach(async () => {
  desk = await sampleDesk(2);
  client = deskClient(desk);
  await client.signIn('lee');
});

type Fields = Readonly<Record<string, string>>;

/** Sends a form, and confirms it where that is asked. */
async function send(path: string, fields: Fields): Promise<ClientPage> {
  return sendMany(path, Object.entries(fields));
}

async function sendMany(path: string, fields: readonly (readonly [string, string])[]): Promise<ClientPage> {
  const sent = await client.send(await client.get(`${home}/${path}`), fields);
  return sent.html.includes('name="confirmed"') ? client.send(sent, [['confirmed', 'yes']]) : sent;
}

const notice = ({ html }: ClientPage) => /<p class="notice"[^>]*>([^<]*)</.exec(html)?.[1]?.trim();
const idOf = ({ address }: ClientPage) => /recorded=([^&]*)/.exec(address)?.[1] ?? '';
const pay = (feeId: string, amount: string, more: Fields = {}) =>
  send(`pay?feeId=${feeId}`, { feeId, method: 'CASH', amount, ...more });
const waive = (feeId: string, amount: string) =>
  send(`waive?feeId=${feeId}`, { feeId, amount, reason: 'OTHER' });
const undoing = async (id: string) =>
  /To undo: <strong>([^<]*)</.exec((await client.get(`${home}/undo?of=${encodeURIComponent(id)}`)).html)?.[1];

it('shows the amount of a payment without the credit from its overpayment', async () => {
  const receipt = await pay('fee1', '10.00', { rest: 'credit' });
  expect(notice(receipt)).toBe('Payment received, 10.00 USD.');
  expect(await undoing(idOf(receipt))).toBe('payment received, 10.00 USD');
});

it('shows the amount of a payment, transfer or used credit, without a waived part that is deducted with it', async () => {
  for (const feeId of ['fee2', 'fee3'])
    expect(notice(await waive(feeId, '2.00'))).toBe('Waived; the amount is shown as a credit, 2.00 USD.');
  const receipt = await pay('fee2', '58.00');
  expect(notice(receipt)).toBe('Payment received, 58.00 USD.');
  expect(await undoing(idOf(receipt))).toBe('payment received, 58.00 USD');
  const transfer = { feeId: 'fee3', amount: '10.00', destination: 'BANNER' };
  const transferred = await send('transfer?feeId=fee3', transfer);
  expect(notice(transferred)).toBe('Transferred, 10.00 USD.');
  const shown = await client.get(`${home}/transfer/${idOf(transferred)}`);
  expect(shown.html).toContain('recorded: transferred, 10.00 USD.');
});

it('shows a used credit without the waived part that was applied with it', async () => {
  await waive('fee3', '2.00');
  const by = { userId: 'lee', roles: ['CIRCULATION_DESK_MANAGER'], channel: 'desk' } as const;
  const credit = { type: 'IssueCredit', id: 'c1', cause: 'manual', reason: 'GOODWILL' } as const;
  const stream = { institution, patronId: 'dverma' };
  await execute(desk.store, policy, stream, { ...credit, amount: '10.00', at: now, by });
  const applied = await send('apply-credit?creditId=c1', { creditId: 'c1', amount: '10.00', feeId: 'fee3' });
  expect(notice(applied)).toBe('Credit applied, 10.00 USD.');
});

it('shows the waivers of a form together, and undoes each by its own amount', async () => {
  const fields = [
    ['feeId', 'fee1'],
    ['amount', '1.00'],
    ['feeId', 'fee6'],
    ['amount', '0.10'],
    ['reason', 'OTHER'],
  ] as const;
  const waived = await sendMany('waive?feeId=fee1&feeId=fee6', fields);
  expect(notice(waived)).toBe('Waived, 1.10 USD.');
  const id = idOf(waived);
  expect([await undoing(id), await undoing(`${id}#1`)]).toEqual(['waived, 1.00 USD', 'waived, 0.10 USD']);
});

it('shows what a correction did, each part with its amount', async () => {
  const receipt = await pay('fee2', '50.00');
  expect(notice(await send('undo?of=fee2', { of: 'fee2' }))).toBe(
    'Fee cancelled, 10.00 USD; credit issued, 50.00 USD.',
  );
  expect(notice(await send(`undo?of=${idOf(receipt)}`, { of: idOf(receipt) }))).toBe(
    'Payment reversed, 50.00 USD.',
  );
});
