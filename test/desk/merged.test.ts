import { loadAccount } from 'patron-fees/history';
import { mergeAccounts } from 'patron-fees/patrons';
import { beforeEach, expect, it } from 'vitest';
import { type Desk, institution, policy } from '../../examples/desk/desk.js';
import { deskClient, deskOfTwo, now, sampleDesk } from './support/deskClient.js';

const { permissions: _, ...open } = policy;
const stream = (patronId: string) => ({ institution, patronId });

let desk: Desk;
let client: ReturnType<typeof deskClient>;

/** The card of Dev Verma, who owes 80.00, is merged into a second one of the same person, who owes 7.00 there. */
beforeEach(async () => {
  desk = await deskOfTwo();
  const merge = { from: stream('dverma'), into: stream('verma2'), id: 'm1', at: now };
  await mergeAccounts(desk.store, open, merge);
  client = deskClient(desk);
  await client.signIn('lee');
});

it('an account that is merged into another one says so on every tab, with a link', async () => {
  for (const tab of ['', '/details', '/fees', '/blocks', '/network', '/statement', '/pay', '/add-fee']) {
    const { html } = await client.get(`/patrons/dverma${tab}`);
    expect(html).toMatch(/merged into that of <a href="\/patrons\/verma2"><bdi>Deva Verma, 1000172</);
    const other = await client.get(`/patrons/verma2${tab}`);
    expect(other.html).toMatch(
      /account of <a href="\/patrons\/dverma"><bdi>Dev Verma, 1000171<.* is merged into/,
    );
  }
});

it('the figure of a block is explained if it differs from the active balance', async () => {
  const one = deskClient(await sampleDesk(1));
  await one.signIn('lee');
  const { html } = await one.get('/patrons/dverma');
  const text = html.replace(/<[^>]*>/g, '').replace(/\s+/g, ' ');
  expect(text).toContain(
    'Blocked: owes 99.05 USD, of it 18.25 USD disputed; the limit is 50.00 USD. Disputed fees count, unused credits do not.',
  );
  expect(text).toMatch(/Active balance\W+80\.00 USD/);
});

it('shows and checks for blocks what a patron owes on all accounts; a patron with one account has no such line', async () => {
  for (const patronId of ['dverma', 'verma2']) {
    const { html } = await client.get(`/patrons/${patronId}`);
    expect(html).toMatch(/Together with the accounts merged: <strong>.*87\.00 USD/);
    expect(html).toMatch(/Blocked: owes .*106\.05 USD/);
    expect((await client.get(`/patrons/${patronId}/blocks`)).html).toContain('106.05');
  }
  expect((await client.get('/patrons/u0000001')).html).not.toMatch(/merged/);
});

it('a new fee on a merged account is refused with the name of the other one; what is owed there is paid there', async () => {
  const refused = await client.send(await client.get('/patrons/dverma/add-fee'), [
    ['feeType', 'OTHER'],
    ['amount', '1.00'],
  ]);
  expect([refused.status, refused.html.includes('merged into that of patron Deva Verma.')]).toEqual([
    409,
    true,
  ]);
  await client.send(await client.get('/patrons/dverma/pay'), [
    ['method', 'CASH'],
    ['amount', '80.00'],
  ]);
  const { account } = await loadAccount(desk.store, stream('dverma'));
  expect(account.payments.at(-1)?.amount).toBe(8000);
});
