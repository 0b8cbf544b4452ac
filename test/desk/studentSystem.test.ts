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
/** Sends a form, and confirms what its page says. */
const confirm = async (
  page: ClientPage,
  ...form: Parameters<typeof send> extends [unknown, ...infer Rest] ? Rest : never
) => {
  const asked = await send(page, ...form);
  return asked.form.hidden.some(([name]) => name === 'confirmed') ? client.send(asked) : asked;
};
const exportAll = async (fields: readonly (readonly [string, string])[] = []) => {
  const page = await client.get('/student-system');
  return [page, await confirm(page, 'export', [['destination', 'BANNER'], ...fields])] as const;
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

it('the file of an export, imported as an answer, pays all of it; imported again, it pays nothing twice', async () => {
  const [, page] = await exportAll();
  for (const format of ['csv', 'alma-xml']) {
    const content = await fileOf(page, format);
    const name = `answer.${format}`;
    const file = [
      ['content', content],
      ['contentName', name],
    ] as const;
    const asked = await send(await client.get('/student-system'), 'import', file);
    expect([asked.status, await transferred()]).toEqual([200, format === 'csv' ? '85.80' : '5.00']);
    expect(asked.html).toContain(`File: <bdi>${name}</bdi>`);
    expect(asked.html).toContain('Nothing is recorded yet.');
    if (format === 'csv') {
      expect(asked.html).toContain('The first 10 rows');
      const imported = await client.send(asked);
      expect([imported.address, imported.status]).toEqual(['/student-system/import-answer.csv', 200]);
      expect(imported.html).toContain('No findings.');
    } else {
      expect(asked.html).toContain(
        'The same payments were imported before: <a href="/student-system/import-answer.csv">',
      );
      expect(asked.html).toContain('<button>Import it once more</button>');
    }
    // Only what was transferred before the export is still pending.
    expect(await transferred()).toBe('5.00');
  }
});

it('an answer that is imported twice under two names makes no money, unless somebody says so', async () => {
  await exportAll();
  const pending = await transferred();
  const half =
    'reference,amount\n' +
    `${(await account()).transfers.map(({ transferId }) => `dverma@${transferId}`)[1]},1.00\n`;
  const as = (name: string) =>
    [
      ['content', half],
      ['contentName', name],
    ] as const;
  const form = await client.get('/student-system');
  await confirm(form, 'import', as('march.csv'));
  const once = await transferred();
  expect(Number(once)).toBe(Number(pending) - 1);
  const before = await events();
  // The same form again, as after a double click.
  expect((await send(form, 'import', as('march.csv'))).address).toBe('/student-system/import-march.csv');
  const asked = await send(form, 'import', as('again.csv'));
  expect(asked.html).toContain('The same payments were imported before');
  expect([await transferred(), await events()]).toEqual([once, before]);
  await client.send(asked);
  expect(Number(await transferred())).toBe(Number(once) - 1);
});

it('the faults of an answer are shown in sentences, before and after it is imported', async () => {
  await exportAll();
  const [one, other] = (await account()).transfers.map(({ transferId }) => `dverma@${transferId}`).slice(1);
  const rows = [
    'reference,amount,paymentReference,currency',
    `${one},1.00,p1,USD`,
    `${one},1.00,p1,USD`,
    `${one},2.00,p1,USD`,
    `${other},0.00,p2,USD`,
    `${other},1.00,p3,EUR`,
    'nobody@t9,1.00,p4,USD',
    'no reference,1.00,p5,USD',
    `${other},-1.00,p6,USD`,
    ',1.00,p7,USD',
  ];
  const content = [
    ['content', rows.join('\n')],
    ['contentName', 'wrong.csv'],
  ] as const;
  const asked = await send(await client.get('/student-system'), 'import', content);
  const done = await client.send(asked);
  const sentences = [
    'Row 2 (line 3): this payment was booked before from wrong.csv, row 1, and is not booked again.',
    'Row 3 (line 4): this payment was booked before from wrong.csv, row 1 with another amount. Ask the external system which is right.',
    'Row 4 (line 5) cannot be booked: it has &quot;0.00&quot;, and needs an amount of USD, not zero.',
    'Row 5 (line 6) is in another currency: it has &quot;EUR&quot;, and needs USD.',
    'Row 6 (line 7): nothing was exported under the reference “nobody@t9”.',
    'Row 7 (line 8): nothing was exported under the reference “no reference”.',
    'Row 8 (line 9) cannot be booked: it has -1.00, and needs a positive amount, as of a fee.',
    'Row 9 (line 10) cannot be read: it has nothing, and needs a reference.',
  ];
  for (const { html } of [asked, done]) {
    for (const sentence of sentences) expect(html).toContain(sentence);
  }
  const whole = (await account()).transfers.find(({ transferId }) => one === `dverma@${transferId}`);
  const paid = async (sum: string, reference: string) =>
    send(await client.get('/student-system'), 'import', [
      ['content', `reference,amount,paymentReference\n${one},${sum},${reference}\n`],
      ['contentName', `${reference}.csv`],
    ]);
  await client.send(await paid(`${((whole?.amount ?? 0) - 100) / 100}.00`, 'p8'));
  expect((await paid('1.00', 'p9')).html).toContain(
    'Row 1 (line 2) is not booked. All of this transfer was paid or recalled before.',
  );
});

it('a corrected file under the same name continues the import, and pays nothing twice', async () => {
  const [, page] = await exportAll();
  const lines = (await fileOf(page, 'csv')).split('\r\n');
  const form = await client.get('/student-system');
  const as = (content: string) =>
    [
      ['content', content],
      ['contentName', 'answer.csv'],
    ] as const;
  const first = await confirm(form, 'import', as(lines.slice(0, 2).join('\r\n')));
  const asked = await send(form, 'import', as(lines.join('\r\n')));
  expect(asked.html).toContain('A file of this name was imported');
  const second = await client.send(asked);
  expect([second.address, second.html.includes('No findings.')]).toEqual([first.address, true]);
  expect(await transferred()).toBe('5.00');
});

it('a settlement and a transfer can be undone at the desk', async () => {
  const [, page] = await exportAll();
  const name = [
    ['content', await fileOf(page, 'csv')],
    ['contentName', 'answer.csv'],
  ] as const;
  await confirm(await client.get('/student-system'), 'import', name);
  const undo = async (id = '') => {
    const form = await client.get(`/patrons/dverma/undo?of=${encodeURIComponent(id)}`);
    const asked = await client.send(form, [['undo', 'yes']]);
    return client.send(asked, [['confirmed', 'yes']]);
  };
  const last = async () => {
    const { settlements, transfers } = await account();
    const settlement = settlements.at(-1);
    return {
      settlement,
      transfer: transfers.find(({ transferId }) => transferId === settlement?.transferId),
    };
  };
  const { settlement, transfer } = await last();
  expect([settlement, transfer]).toMatchObject([
    { reversed: 0 },
    { settled: settlement?.amount, recalled: 0 },
  ]);
  await undo(settlement?.settlementId);
  expect(await last()).toMatchObject({
    settlement: { reversed: settlement?.amount },
    transfer: { settled: 0, recalled: 0 },
  });
  await undo(transfer?.transferId);
  expect((await last()).transfer).toMatchObject({ settled: 0, recalled: transfer?.amount });
});

it('an import without a file is refused; a broken file books nothing, and the page says so', async () => {
  const none = await send(await client.get('/student-system'), 'import', [['content', '']]);
  expect([none.status, fieldsInError(none.html)]).toEqual([422, { content: 'Choose a file.' }]);
  const before = await events();
  const broken = await send(await client.get('/student-system'), 'import', [['content', 'name\nverma\n']]);
  expect(broken.html).toContain('There is nothing to import.');
  expect(broken.html).toContain('The file cannot be read, so none of it is booked: ');
  expect(await events()).toBe(before);
});

it('an interrupted job is finished when any user sends its form again', async () => {
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
