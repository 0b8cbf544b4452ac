import { execute } from 'patron-fees/history';
import { beforeEach, expect, it } from 'vitest';
import { type Desk, institution, policy } from '../../examples/desk/desk.js';
import { type ClientPage, deskClient, now, sampleDesk } from './support/deskClient.js';

const home = '/patrons/dverma';
const { permissions: _, ...open } = policy;
const stream = { institution, patronId: 'dverma' };
/** A title from right to left that ends with what is read from left to right. */
const journey = 'رحلة ابن بطوطة (1), 2nd';
const isolatedTitle = `\u2068${journey}\u2069`;

let desk: Desk;
let client: ReturnType<typeof deskClient>;

beforeEach(async () => {
  desk = await sampleDesk(1);
  client = deskClient(desk);
  await client.signIn('lee');
});

/** Pays at the desk. Returns the page of the payment. */
async function pay(...fields: readonly (readonly [string, string])[]): Promise<ClientPage> {
  const { html } = await client.send(await client.get(`${home}/pay`), [['method', 'CASH'], ...fields]);
  return client.get(/<a href="([^"]*\/receipts\/[^"]*)">Receipt</.exec(html)?.[1] ?? '');
}

/** Prints the receipt of a payment's page. */
async function print(page: ClientPage): Promise<string> {
  const action = page.form.action.replace(/mail$/, 'print');
  return (await client.send({ ...page, form: { ...page.form, action } })).html;
}

/** The words of a page, without its tags. */
const words = (html: string) => html.replace(/<style>[\s\S]*?<\/style>|<[^>]*>/g, ' ').replace(/\s+/g, ' ');

it('a copy of a receipt says what was owed when the receipt was first given, whatever was paid since', async () => {
  const first = await pay(['amount', '5.00']);
  const given = await print(first);
  expect(words(given)).toContain('Still to pay in all $75.80');
  await pay(['amount', '75.80']);
  expect(words(await print(first))).toBe(words(given).replace(/Receipt/g, 'Receipt (copy)'));
});

it('a receipt on paper has the name of the library, each fee, the credit of what was paid too much, and the total', async () => {
  const text = words(await print(await pay(['amount', '100.00'], ['rest', 'credit'])));
  expect(text).toMatch(
    /North University Library .*Lost item replacement fee ?: A history of glass .*\$60\.00/,
  );
  expect(text).toMatch(/Credit \$19\.20 .*Total \$100\.00/);
});

it('a French patron reads "À rendre le" of a loan, and "À payer le" of an instalment', async () => {
  const instalments = [{ dueOn: '2026-12-01', amount: '60.00' }];
  await execute(desk.store, open, stream, {
    ...{ type: 'AgreePaymentPlan', id: 'plan', feeIds: ['fee2'], at: now },
    instalments,
  });
  const find: Desk['directory']['find'] = (patronId) => {
    const patron = desk.directory.find(patronId);
    return patron && { ...patron, language: 'fr' };
  };
  client = deskClient({ ...desk, directory: { ...desk.directory, find } });
  await client.signIn('lee');
  const mail = words((await client.get(`${home}/report/mail`)).html);
  expect(mail).toMatch(/Prêts Titre À rendre le .*Maps of the sea/);
  expect(mail).toContain('À payer le');
});

it('a title from right to left is isolated from its label in the list, in payments, receipts and statements', async () => {
  const fee = { type: 'AssessFee', id: 'rtl', feeType: 'OTHER', amount: '1.00', owner: 'MAIN' } as const;
  await execute(desk.store, open, stream, { ...fee, item: { title: journey }, at: now });
  const list = await client.get(`${home}/fees?sort=at&down=1`);
  expect(list.html).toContain(`<bdi>${journey}</bdi>`);
  expect(list.html).toContain(`aria-label="Waive Other, ${isolatedTitle}"`);
  const page = await pay(['feeId', 'rtl'], ['amount', '1.00']);
  expect(page.html).toContain(`<bdi>${journey}</bdi>`);
  for (const { html } of [{ html: await print(page) }, await client.get(`${home}/statement`)])
    expect(html).toMatch(new RegExp(`<bdi[^>]*>${journey.replace(/[()]/g, '\\$&')}</bdi>`));
});
