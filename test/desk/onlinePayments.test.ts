import { definePolicy } from 'patron-fees';
import { execute } from 'patron-fees/history';
import { loadOnlinePayment, reportOnlinePayment, startOnlinePayment } from 'patron-fees/online';
import { beforeEach, expect, it } from 'vitest';
import { type Desk, policy as deskPolicy, institution } from '../../examples/desk/desk.js';
import { deskClient, now, sampleDesk } from './support/deskClient.js';

const policy = definePolicy({
  ...deskPolicy,
  onlinePayments: { method: 'ONLINE', shortfallFee: { feeType: 'OTHER', owner: 'MAIN' } },
});

let desk: Desk;

/** A desk with an online payment of 5.00, and a capture of it that was told with another payment. */
beforeEach(async () => {
  desk = await sampleDesk(1, { policy });
  const fee = {
    type: 'AssessFee',
    id: 'web1',
    feeType: 'OTHER',
    amount: '5.00',
    owner: 'MAIN',
    at: now,
  } as const;
  const { permissions: _, ...open } = policy;
  await execute(desk.store, open, { institution, patronId: 'webpatron' }, fee);
  const stores = { accounts: desk.store, office: desk.office };
  const parts = [{ patronId: 'webpatron' }];
  const started = await startOnlinePayment(stores, policy, {
    institution,
    onlinePaymentId: 'o1',
    parts,
    at: now,
  });
  expect(started.accepted).toBe(true);
  const captures = [{ externalTransactionId: 'ch_1', amount: '5.00', currency: 'USD' }];
  await reportOnlinePayment(stores, policy, { institution, onlinePaymentId: 'lost', captures, at: now });
});

/** The page of what was refused, as the list links to it, and the values of what can be done there. */
async function keptPage(client: ReturnType<typeof deskClient>) {
  const listed = await client.get('/online?state=kept');
  const [, address = ''] = /href="(\/online\/kept\/[^"]+)"/.exec(listed.html) ?? [];
  const page = await client.get(address);
  const actions = [...page.html.matchAll(/name="action" value="([^"]+)"/g)].map(([, value = '']) =>
    value.replaceAll('&quot;', '"'),
  );
  return { page, action: (does: string) => actions.find((one) => one.includes(`"${does}"`)) ?? '' };
}

it('lists online payments by state, patron, day and finding', async () => {
  const client = deskClient(desk);
  await client.signIn('mo');
  const idsIn = async (query: string) => {
    const { html } = await client.get(`/online${query}`);
    return [...html.matchAll(/href="\/online\/(?:payment|kept)\/[^"]+">([^<]+)</g)].map(([, id]) => id);
  };
  expect(await idsIn('')).toEqual(['lost']);
  expect(await idsIn('?state=all')).toEqual(['o1', 'lost']);
  expect(await idsIn('?state=started')).toEqual(['o1']);
  expect(await idsIn('?patron=webpatron')).toEqual(['o1']);
  expect(await idsIn('?finding=REPORT_REFUSED')).toEqual(['lost']);
  expect(await idsIn('?through=2026-11-25')).toEqual([]);
  expect((await client.get('/online?from=2026-02-30')).status).toBe(422);
});

it('reports a refused capture again with its payment, which is then recorded', async () => {
  const client = deskClient(desk);
  await client.signIn('mo');
  const { page, action } = await keptPage(client);
  expect(page.html).toContain('tell it anew with the payment that it belongs to');
  const fields = [
    ['action', action('tellAnew')],
    ['reason', 'the shop sent a wrong reference'],
  ] as const;
  expect((await client.send(page, fields)).html).toContain('Name the online payment');
  expect((await client.send(page, [...fields, ['onlinePaymentId', 'none']])).status).toBe(409);
  await client.send(page, [...fields, ['onlinePaymentId', 'o1']]);
  const payment = await loadOnlinePayment(desk.office, { institution, onlinePaymentId: 'o1' });
  expect(payment?.recorded).toMatchObject([{ externalTransactionId: 'ch_1', amount: '5.00' }]);
  expect((await client.get('/online?state=kept')).html).toContain('There are no such online payments.');
});

it('asks a second person to approve an amount, if the policy says so', async () => {
  const approvals = { SettleOnlineReport: { above: '4.00', roles: ['USER_MANAGER'] } };
  const careful = definePolicy({ ...policy, approvals });
  const client = deskClient({ ...desk, policy: careful });
  await client.signIn('mo');
  const { page, action } = await keptPage(client);
  const fields = [
    ['action', action('settle')],
    ['reason', 'a test of the provider'],
  ] as const;
  const asked = await client.send(page, fields);
  expect([asked.status, asked.html.includes('Noor Haddad')]).toEqual([409, true]);
  expect(asked.html).toContain('5.00 USD</span></legend>');
  await client.send(asked, [...fields, ['upTo', '5.00'], ['approver', 'noor']]);
  const stream = { institution, stream: page.address.replace('/online/kept/', 'onlineKept:') };
  expect((await desk.office.read(stream)).events.at(-1)?.event.data).toMatchObject({
    approvedBy: { userId: 'noor', upTo: '5.00' },
  });
});

it('shows an approval in the currency of the money', async () => {
  const approvals = { SettleOnlineReport: { above: '4.00', roles: ['USER_MANAGER'] } };
  const careful = definePolicy({ ...policy, approvals });
  const stores = { accounts: desk.store, office: desk.office };
  const captures = [{ externalTransactionId: 'ch_2', amount: '3', currency: 'JPY' }];
  const told = await reportOnlinePayment(stores, careful, {
    ...{ institution, onlinePaymentId: 'o1', captures },
    at: now,
  });
  const client = deskClient({ ...desk, policy: careful });
  await client.signIn('mo');
  const page = await client.get(`/online/kept/${told.kept[0]?.keptId}`);
  const settle = /name="action" value="([^"]+settle&quot;[^"]*)"/.exec(page.html)?.[1] ?? '';
  const fields = [
    ['action', settle.replaceAll('&quot;', '"')],
    ['reason', 'of another shop'],
  ] as const;
  expect((await client.send(page, fields)).html).toContain('Approval of <span class="money">3 JPY</span>');
});

it('reports a return again with its capture', async () => {
  const stores = { accounts: desk.store, office: desk.office };
  const report = (parts: object) =>
    reportOnlinePayment(stores, policy, { institution, onlinePaymentId: 'o1', at: now, ...parts });
  const money = { amount: '5.00', currency: 'USD' };
  await report({ captures: [{ externalTransactionId: 'pi_1', ...money }] });
  const back = { externalTransactionId: 're_1', of: 'unknown', kind: 'refund', ...money };
  const { kept } = await report({ returns: [back] });
  const client = deskClient(desk);
  await client.signIn('mo');
  const page = await client.get(`/online/kept/${kept[0]?.keptId}`);
  const tellAnew = /name="action" value="([^"]+tellAnew&quot;[^"]*)"/.exec(page.html)?.[1] ?? '';
  const fields = [
    ['action', tellAnew.replaceAll('&quot;', '"')],
    ['reason', 'the provider names another capture'],
    ['onlinePaymentId', 'o1'],
  ] as const;
  expect((await client.send(page, fields)).status).toBe(409);
  await client.send(page, [...fields, ['of', 'pi_1']]);
  const payment = await loadOnlinePayment(desk.office, { institution, onlinePaymentId: 'o1' });
  expect(payment?.returns).toMatchObject([{ externalTransactionId: 're_1', of: 'pi_1' }]);
});

it('ends a payment that the provider never reported as final', async () => {
  const client = deskClient({ ...desk, now: () => '2027-02-01T15:00:00.000Z' });
  await client.signIn('mo');
  expect((await client.get('/online')).html).toContain('href="/online/payment/o1"');
  const page = await client.get('/online/payment/o1');
  const [, action = ''] = /name="action" value="([^"]+)"/.exec(page.html) ?? [];
  const fields = [
    ['action', action.replaceAll('&quot;', '"')],
    ['reason', 'its page says so'],
  ] as const;
  expect((await client.send(page, fields)).html).toContain('There is nothing to do.');
  const payment = await loadOnlinePayment(desk.office, { institution, onlinePaymentId: 'o1' });
  expect(payment?.ended).toMatchObject({ final: true, by: { userId: 'mo' }, reason: 'its page says so' });
});

it('reports an amount that was never taken as a return', async () => {
  const stores = { accounts: desk.store, office: desk.office };
  // Reported in cents by mistake.
  const captures = [{ externalTransactionId: 'pi_1', amount: '500.00', currency: 'USD' }];
  const told = { institution, onlinePaymentId: 'o1', at: now };
  await reportOnlinePayment(stores, policy, { ...told, captures });
  const client = deskClient(desk);
  await client.signIn('mo');
  const page = await client.get('/online/payment/o1');
  const rest = /name="action" value="([^"]+reportReturn&quot;[^"]*)"/.exec(page.html)?.[1] ?? '';
  const fields = [
    ['action', rest.replaceAll('&quot;', '"')],
    ['reason', 'cents were told as dollars'],
  ] as const;
  expect((await client.send(page, fields)).html).toContain('There is nothing to do.');
  const payment = await loadOnlinePayment(desk.office, { institution, onlinePaymentId: 'o1' });
  const who = { by: { userId: 'mo' }, reason: 'cents were told as dollars' };
  expect(payment?.returns).toMatchObject([{ of: 'pi_1', kind: 'refund', amount: '495.00', ...who }]);
  // The form that was loaded before: the rest is given back once.
  expect((await client.send(page, fields)).status).toBe(422);
  const report = { ...told, returns: [JSON.parse(rest.replaceAll('&quot;', '"'))[1][1]] };
  expect(await reportOnlinePayment(stores, policy, report)).toMatchObject({ rejections: [], kept: [] });
});

it('settles with a reason, opens again, and refuses users without the role', async () => {
  const client = deskClient(desk);
  await client.signIn('noor');
  const { page, action } = await keptPage(client);
  const settle = ['action', action('settle')] as const;
  expect((await client.send(page, [settle, ['reason', ' ']])).html).toContain('Say why');
  const settled = await client.send(page, [settle, ['reason', 'a test of the provider']]);
  expect(settled.html).toContain('Refused, settled');
  // The form that was loaded before: somebody else was faster.
  expect((await client.send(page, [settle, ['reason', 'again']])).status).toBe(422);
  const [, reopen = ''] = /name="action" value="([^"]+)"/.exec(settled.html) ?? [];
  const fields = [
    ['action', reopen.replaceAll('&quot;', '"')],
    ['reason', 'it was none'],
  ] as const;
  expect((await client.send(settled, fields)).html).toContain('Refused, open');
  const clerk = deskClient(desk);
  await clerk.signIn('kim');
  expect((await clerk.get('/online')).status).toBe(403);
});
