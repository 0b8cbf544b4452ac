import { loadAccount } from 'patron-fees/history';
import { loadTill } from 'patron-fees/office';
import { accountsOf } from 'patron-fees/patrons';
import { beforeEach, describe, expect, it } from 'vitest';
import { type Desk, institution } from '../../examples/desk/desk.js';
import { type ClientPage, deskClient, deskOfTwo, fieldsInError } from './support/deskClient.js';

const stream = (patronId: string) => ({ institution, patronId });

let desk: Desk;
let client: ReturnType<typeof deskClient>;

/** Dev Verma, of whom 80.80 can be paid, and Deva Verma, who owes 7.00 on a card of her own. */
beforeEach(async () => {
  desk = await deskOfTwo();
  client = deskClient(desk);
  await client.signIn('lee');
});

const paid = async (patronId: string) => {
  const { account } = await loadAccount(desk.store, stream(patronId));
  return account.payments.filter(({ paymentId }) => paymentId !== 'payment1').map(({ amount }) => amount);
};
const words = (html: string) => html.replace(/<style>[\s\S]*?<\/style>|<[^>]*>/g, ' ').replace(/\s+/g, ' ');

describe('one payment for several patrons', () => {
  const home = '/patrons/dverma';
  const send = (form: ClientPage, amount: string) =>
    client.send(form, [
      ['method', 'CHECK'],
      ['amount', amount],
    ]);
  const print = async (page: ClientPage) => {
    const [, action = ''] = /action="([^"]*\/print[^"]*)"/.exec(page.html) ?? [];
    return words((await client.send({ ...page, form: { ...page.form, action } })).html);
  };

  it('shows what each can pay, and records a part in each account and one receipt with all parts, once', async () => {
    const form = await client.get(`${home}/pay-together?who=1000172`);
    expect(words(form.html)).toMatch(/Dev Verma 1000171 80\.80 Deva Verma 1000172 7\.00/);
    expect(words(form.html)).toContain('the oldest first: 87.80 USD');
    const receipt = await send(form, '87.80');
    expect([await paid('dverma'), await paid('verma2')]).toEqual([[8080], [700]]);
    expect(receipt.html).toContain('together with <bdi>Deva Verma</bdi>');
    const again = await send(form, '87.80');
    expect([again.address, await paid('dverma')]).toEqual([receipt.address, [8080]]);
    const first = await print(receipt);
    expect(first).toMatch(
      /Receipt Number 2026\/1 .*Deva Verma ?: Other \$0\.00 \$7\.00 Total \$87\.80 Method Check/,
    );
    const copy = await print(
      await client.get(`/patrons/verma2/receipts/${form.address.split('/').at(-1)?.split('?')[0]}`),
    );
    expect(copy).toMatch(/Receipt \(copy\) Number 2026\/1 .*Total \$87\.80/);
  });

  it('is offered at once for accounts that are merged', async () => {
    await client.send(await confirmed(`${home}/merge`, '1000172'));
    expect((await client.get(home)).html).toContain('href="/patrons/dverma/pay-together?who=1000172"');
    expect((await client.get('/patrons/verma2')).html).toContain('/patrons/verma2/pay-together?who=1000171"');
  });

  it('is refused above what all of them owe, and for a patron who is unknown or named twice', async () => {
    const above = await send(await client.get(`${home}/pay-together?who=1000172`), '87.81');
    expect([above.status, Object.keys(fieldsInError(above.html))]).toEqual([422, ['amount']]);
    for (const who of ['4711 ', '1000172 1000172', '1000171', 'verma']) {
      const page = await client.get(`${home}/pay-together?${new URLSearchParams({ who })}`);
      expect([page.status, fieldsInError(page.html)]).toEqual([
        422,
        { who: 'Enter the barcode of each other patron once.' },
      ]);
    }
    expect([await paid('dverma'), await paid('verma2')]).toEqual([[], []]);
  });
});

/** The page that asks whether an account is to be merged into that with a barcode. */
async function confirmed(address: string, barcode: string): Promise<ClientPage> {
  const form = await client.get(address);
  const page = await client.send(form, [['barcode', barcode]]);
  return { ...page, form: { ...page.form, hidden: [...page.form.hidden, ['confirmed', 'yes']] } };
}

describe('one payment by two methods', () => {
  const home = '/patrons/dverma';
  const form = [
    ['method', 'CASH'],
    ['amount', '50.00'],
    ['method2', 'CREDIT_CARD'],
    ['amount2', '30.80'],
    ['reference2', 'slip 7'],
  ] as const;
  const print = async (page: ClientPage) => {
    const action = page.form.action.replace(/mail$/, 'print');
    return words((await client.send({ ...page, form: { ...page.form, action } })).html);
  };

  it('is recorded once as two payments, with one receipt that has each method and one total', async () => {
    const opened = await client.get(`${home}/pay`);
    const done = await client.send(opened, form);
    expect(words(done.html)).toContain('Payment received, 80.80 USD');
    expect(await paid('dverma')).toEqual([5000, 3080]);
    await client.send(opened, form);
    expect(await paid('dverma')).toEqual([5000, 3080]);
    const [, address = ''] = /<a href="([^"]*\/receipts\/[^"]*)">Receipt</.exec(done.html) ?? [];
    const page = await client.get(address);
    expect(words(page.html)).toMatch(
      /Amount 80\.80 USD Method Cash ?: 50\.00 USD Method Credit card, slip 7 ?: 30\.80 USD/,
    );
    expect(words(page.html)).toMatch(/Total\s+80\.80/);
    const given = await print(page);
    expect(given).toMatch(/Receipt Number 2026\/1 /);
    expect(given).toMatch(
      /Total \$80\.80 Method Cash ?: \$50\.00 Method Credit card ?: \$30\.80 Reference slip 7/,
    );
    // The page of the second payment has the same receipt.
    const second = await client.get(`${address}-2`);
    expect(words(second.html)).toContain('Receipt 2026/1 was given.');
    expect(await print(second)).toBe(given.replaceAll('Receipt', 'Receipt (copy)'));
  });

  it('does nothing if one of the two is refused', async () => {
    const opened = await client.get(`${home}/pay`);
    const refused = await client.send(opened, [...form.slice(0, 3), ['amount2', '30.81']]);
    expect([refused.status, await paid('dverma')]).toEqual([409, []]);
    expect(refused.html).toContain('<details open>');
    expect(await client.send(opened, [...form.slice(0, 3), ['amount2', 'x']])).toMatchObject({ status: 422 });
    expect(await paid('dverma')).toEqual([]);
  });
});

describe('merging accounts', () => {
  it('merges one into another after a confirmation, and separates them again', async () => {
    const form = await confirmed('/patrons/verma2/merge', '1000171');
    expect(words(form.html)).toContain(
      'Deva Verma , 1000172 (active balance 7.00 USD ) is merged into Dev Verma , 1000171',
    );
    expect(await accountsOf(desk.store, stream('dverma'))).toHaveLength(1);
    expect((await client.send(form)).html).toContain('This account is merged into that of');
    expect(await accountsOf(desk.store, stream('dverma'))).toHaveLength(2);
    await client.send(await client.get('/patrons/verma2/separate'));
    expect(await accountsOf(desk.store, stream('dverma'))).toHaveLength(1);
  });

  it('is refused into itself and into nobody, and to operators', async () => {
    const itself = await client.send(await confirmed('/patrons/verma2/merge', '1000172'));
    expect(itself.status).toBe(422);
    expect(fieldsInError(itself.html).barcode).toBe('This is one account: patron verma2.');
    const nobody = await client.send(await client.get('/patrons/verma2/merge'), [['barcode', '4711']]);
    expect(fieldsInError(nobody.html)).toEqual({ barcode: 'Enter the barcode of one other patron.' });
    await client.signIn('kim');
    for (const form of ['merge', 'merge/m1', 'separate'])
      expect((await client.get(`/patrons/verma2/${form}`)).status).not.toBe(200);
    expect(await accountsOf(desk.store, stream('dverma'))).toHaveLength(1);
  });
});

describe('the till of a desk', () => {
  const sessions = async () => (await loadTill(desk.office, { institution, till: 'MAIN-DESK' })).sessions;

  it('is opened with a float, records payments, and hides the expected amount until it is counted', async () => {
    await client.send(await client.get('/till-session'), [['float', '50.00']]);
    await client.send(await client.get('/patrons/dverma/pay'), [
      ['method', 'CASH'],
      ['amount', '12.50'],
    ]);
    await client.send(await client.get('/patrons/dverma/pay-together?who=1000172'), [
      ['method', 'CHECK'],
      ['amount', '75.30'],
    ]);
    const form = await client.get('/till-session');
    expect(words(form.html)).toMatch(/Counted, Cash, USD Counted, Check, USD/);
    expect(form.html).not.toContain('62.50');
    const uncounted = await client.send(form, [['count-CASH', '62.00']]);
    expect([uncounted.status, uncounted.html]).toEqual([422, expect.stringContaining('75.30')]);
    const closed = await client.send(await client.get('/till-session'), [
      ['count-CASH', '62.00'],
      ['count-CHECK', '75.30'],
    ]);
    expect(words(closed.html)).toMatch(/Cash 62\.50 62\.00 −0\.50 12\.00 Check 75\.30 75\.30 0\.00 75\.30/);
    expect((await sessions()).map(({ closing }) => closing?.difference)).toEqual(['0.50']);
  });

  it('is opened once if its form is sent twice, and not with an invalid amount', async () => {
    const form = await client.get('/till-session');
    for (let n = 0; n < 2; n++) await client.send(form, [['float', '50.00']]);
    expect(await sessions()).toHaveLength(1);
    const wrong = await client.send(await client.get('/till-session'), [['count-CASH', 'ten']]);
    expect([wrong.status, wrong.html]).toEqual([
      422,
      expect.stringContaining('Enter amounts such as 12.50.'),
    ]);
  });
});
