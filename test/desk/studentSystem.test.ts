import { loadAccount } from 'patron-fees/history';
import { summary } from 'patron-fees/views';
import { beforeEach, expect, it } from 'vitest';
import { type Desk, institution, policy } from '../../examples/desk/desk.js';
import { type ClientPage, deskClient, fieldsInError, sampleDesk } from './support/deskClient.js';

let desk: Desk;
let client: ReturnType<typeof deskClient>;

beforeEach(async () => {
  desk = await sampleDesk(10);
  client = deskClient(desk);
  await client.signIn('lee');
});

const account = async (patronId = 'dverma') =>
  (await loadAccount(desk.store, { institution, patronId })).account;
const transferred = async () => summary(await account(), policy).transferred;
const events = async () => (await desk.store.readAll({ limit: 5_000 })).events.length;

/** Sends one of the two forms of the page. */
const send = (page: ClientPage, kind: 'export' | 'import', fields: readonly (readonly [string, string])[]) =>
  client.send({ ...page, form: { ...page.form, action: `/student-system/${kind}` } }, fields);
const exportAll = async (fields: readonly (readonly [string, string])[] = []) => {
  const page = await client.get('/student-system');
  return [page, await send(page, 'export', [['destination', 'BANNER'], ...fields])] as const;
};
const fileOf = async ({ address }: ClientPage, format: string) =>
  (await client.get(`${address}/file?format=${format}`)).html;

it('an export that is sent twice transfers once, and its file can be made again in both formats', async () => {
  const [form, page] = await exportAll([['minimumAmount', '2.50']]);
  expect(page.address).toMatch(/^\/student-system\/export-form-\d+$/);
  // 5.00 were transferred before; a disputed fee and eight small ones stay.
  expect(await transferred()).toBe('80.00');
  const before = await events();
  const exported = (minimumAmount: string) =>
    send(form, 'export', [
      ['destination', 'BANNER'],
      ['minimumAmount', minimumAmount],
    ]);
  expect([(await exported('2.50')).address, await events()]).toEqual([page.address, before]);
  const other = await exported('0.01');
  expect([other.status, await events()]).toEqual([409, before]);
  expect(other.html).toContain('was sent before, with other contents. Nothing was done now.');
  const csv = await fileOf(page, 'csv');
  expect(csv).toContain(',1000171,Dev Verma,fee,fee1,OVERDUEFINE,OVERDUEFINE,3.00');
  expect(csv).not.toContain('fee4');
  expect(await fileOf(page, 'alma-xml')).toContain('<xb:sum>60</xb:sum>');
});

it('an export with wrong entries is refused with what was typed, and transfers nothing', async () => {
  const before = await events();
  for (const [name, value, text] of [
    ['minimumAmount', 'ten', 'Enter a minimum amount such as 5.00, or nothing.'],
    ['minimumAgeDays', 'old', 'Enter a number of days such as 7, or nothing.'],
  ] as const) {
    const [, page] = await exportAll([[name, value]]);
    expect([page.status, fieldsInError(page.html)]).toEqual([422, { [name]: text }]);
    expect(page.html).toContain(`name="${name}" value="${value}"`);
  }
  expect(await events()).toBe(before);
  expect((await client.get('/student-system')).html).not.toContain('Exports and imports');
});

it('the file of an export, sent back, pays all of it; sent again under a new form, nothing twice', async () => {
  const [, page] = await exportAll();
  for (const format of ['csv', 'alma-xml']) {
    const content = await fileOf(page, format);
    const imported = await send(await client.get('/student-system'), 'import', [['content', content]]);
    expect(imported.status).toBe(200);
    // Only what was transferred before the export is still pending.
    expect(await transferred()).toBe('5.00');
    expect(imported.html.includes('No findings.')).toBe(format === 'csv');
  }
});

it('an import form that is sent again with another file is refused, and shows no result of the first', async () => {
  const [, page] = await exportAll();
  const csv = await fileOf(page, 'csv');
  const lines = csv.split('\r\n');
  const form = await client.get('/student-system');
  const first = await send(form, 'import', [['content', lines.slice(0, 2).join('\r\n')]]);
  const before = await events();
  const second = await send(form, 'import', [['content', csv]]);
  expect([second.status, await events()]).toEqual([409, before]);
  expect(second.html).toContain('was sent before, with other contents. Nothing was done now.');
  const same = await send(form, 'import', [['content', lines.slice(0, 2).join('\r\n')]]);
  expect([same.address, await events()]).toEqual([first.address, before]);
  await send(await client.get('/student-system'), 'import', [['content', csv]]);
  expect(await transferred()).toBe('5.00');
});

it('an import without a file is refused; a broken one books nothing, and says so', async () => {
  const none = await send(await client.get('/student-system'), 'import', [['content', '']]);
  expect([none.status, fieldsInError(none.html)]).toEqual([422, { content: 'Choose a file.' }]);
  const before = await events();
  const broken = await send(await client.get('/student-system'), 'import', [['content', 'name\nverma\n']]);
  expect(broken.html).toContain('expected one column named');
  expect(await events()).toBe(before);
});

it('a job that was interrupted is finished when anybody sends its form again', async () => {
  const { append } = desk.store;
  let left = 3;
  const dying: Desk = {
    ...desk,
    store: {
      ...desk.store,
      append: (...appended) => {
        left -= 1;
        if (left < 0) throw new Error('the process was killed');
        return append(...appended);
      },
    },
  };
  const error = console.error;
  console.error = () => {};
  try {
    client = deskClient(dying);
    await client.signIn('lee');
    const [, page] = await exportAll();
    expect(page.status).toBe(500);
  } finally {
    console.error = error;
  }
  client = deskClient(desk);
  await client.signIn('mo');
  const list = await client.get('/student-system');
  const address = /href="(\/student-system\/export-[^"]*)"/.exec(list.html)?.[1] ?? '';
  const job = await client.get(address);
  expect(job.html).toContain('The job was interrupted');
  const done = await client.send(job);
  expect(done.address).toBe(address);
  const csv = await fileOf(done, 'csv');
  const patrons = new Set(
    csv
      .split('\r\n')
      .slice(1, -1)
      .map((line) => line.split('@')[0]),
  );
  expect(patrons.size).toBeGreaterThan(4);
  expect(patrons).toContain('dverma');
});
