import { definePolicy } from 'patron-fees';
import { execute, loadAccount } from 'patron-fees/history';
import { summary } from 'patron-fees/views';
import { beforeEach, describe, expect, it, vi } from 'vitest';
import { deskApp } from '../../examples/desk/app.js';
import { type Desk, institution, policy } from '../../examples/desk/desk.js';
import { type ClientPage, deskClient, fieldsInError, now, sampleDesk } from './support/deskClient.js';

/** A patron who owes two fees, neither of them disputed. */
const patronId = 'u0000003';
const home = `/patrons/${patronId}`;

let desk: Desk;
let client: ReturnType<typeof deskClient>;

beforeEach(async () => {
  desk = await sampleDesk();
  client = deskClient(desk);
  await client.signIn('lee');
});

/** A payment of 1.00. */
const fields = [
  ['method', 'CASH'],
  ['amount', '1'],
] as const;

const account = async (of = patronId) =>
  (await loadAccount(desk.store, { institution, patronId: of })).account;
const payable = async () => summary(await account(), policy).payable;

describe('a session', () => {
  it('begins by signing in; until then no page is shown', async () => {
    const stranger = deskClient(desk);
    const page = await stranger.get(home);
    expect([page.status, page.address]).toEqual([200, `/sign-in?next=${encodeURIComponent(home)}`]);
    expect(page.html).not.toMatch(/class="(patron|balance)"/);
  });

  it('refuses a form that was made for another session, and does nothing', async () => {
    const other = deskClient(desk);
    await other.signIn('lee');
    const form = await other.get(`${home}/pay`);
    const before = await payable();
    const page = await client.send(form, [
      ['method', 'CASH'],
      ['amount', '1.00'],
    ]);
    expect(page.status).toBe(403);
    expect(page.html).toContain('made for another session');
    expect(await payable()).toBe(before);
  });

  it('refuses a person who is not a user of the desk', async () => {
    const page = await client.send(await deskClient(desk).get('/sign-in'), [['user', 'mallory']]);
    expect(page.status).toBe(403);
  });

  it('is stored only after signing in, and ends after 12 hours', async () => {
    const { count } = {
      count: () =>
        (desk.database.prepare('SELECT count(*) AS n FROM desk_signed_in').get() as { n: number }).n,
    };
    expect(count()).toBe(1);
    const app = deskApp(desk);
    for (const path of ['/', '/sign-in', home, '/till', '/nowhere']) await app.request(path);
    const form = new URLSearchParams({ user: 'lee' });
    expect((await app.request('/sign-in', { method: 'POST', body: form })).status).toBe(403);
    const guessed = { method: 'POST', body: form, headers: { cookie: 'desk-session=' } };
    expect((await app.request('/sign-in', guessed)).status).toBe(403);
    expect(count()).toBe(1);
    const later = (hours: number) => new Date(Date.parse(now) + hours * 3_600_000).toISOString();
    const tomorrow = (hours: number) => deskApp({ ...desk, now: () => later(hours) });
    const cookie = await signedInCookie(app);
    const pageAt = async (hours: number) =>
      (await tomorrow(hours).request(home, { headers: { cookie } })).status;
    expect([await pageAt(11.9), await pageAt(12)]).toEqual([200, 303]);
    // The next person who signs in removes the sessions that have ended.
    await signedInCookie(tomorrow(13));
    expect(count()).toBe(1);
  });

  it('that has ended returns to the form with the typed values after the next sign-in', async () => {
    const form = await client.get(`${home}/pay`);
    const before = await payable();
    const typed = [...fields, ['comment', 'paid in small coins & 1 €']] as const;
    desk.database.exec('DELETE FROM desk_signed_in');
    const ended = await client.send(form, typed);
    expect(ended.html).toContain('Your session has ended, and nothing was done.');
    const again = await client.send(ended, [['user', 'lee']]);
    expect(again.address).toContain(`${home}/pay/`);
    expect(again.html).toContain('>paid in small coins &amp; 1 €</textarea>');
    expect(again.html).toContain('name="amount" value="1"');
    expect(await payable()).toBe(before);
    expect((await client.send(again, typed)).html).toContain('Payment received, 1.00 USD');
  });

  it('that has ended redirects only to pages of the desk', async () => {
    for (const next of ['//evil.example/x?', 'https://evil.example/?', '/\\evil.example?']) {
      const signIn = await client.get(`/sign-in?${new URLSearchParams({ next })}`);
      expect((await client.send(signIn, [['user', 'lee']])).address).toBe('/');
    }
  });

  it('ends by signing out', async () => {
    const page = await client.get('/');
    await client.send({ ...page, form: { ...page.form, action: '/sign-out' } });
    expect((await client.get(home)).address).toContain('/sign-in?');
  });
});

/** Signs in at an app. Returns the cookie of the session. */
async function signedInCookie(app: ReturnType<typeof deskApp>): Promise<string> {
  const form = await app.request('/sign-in');
  const before = form.headers.get('set-cookie')?.split(';')[0] ?? '';
  const csrf = /name="csrf" value="([^"]*)"/.exec(await form.text())?.[1] ?? '';
  const body = new URLSearchParams({ user: 'lee', csrf });
  const signedIn = await app.request('/sign-in', { method: 'POST', body, headers: { cookie: before } });
  return signedIn.headers.get('set-cookie')?.split(';')[0] ?? '';
}

describe('the host of a request', () => {
  it.each([
    'http://evil.example/',
    'http://127.0.0.1.evil.example/sign-in',
    'http://localhost.evil.example:8787/static/desk.css',
  ])('is refused as %s', async (address) => {
    const response = await deskApp(desk).request(address);
    expect([response.status, response.headers.get('set-cookie')]).toEqual([421, null]);
  });

  it.each(['http://localhost:8787/sign-in', 'http://127.0.0.1/sign-in', 'http://[::1]:8787/sign-in'])(
    'may be %s',
    async (address) => {
      expect((await deskApp(desk).request(address)).status).toBe(200);
    },
  );

  it('may be the host of a proxy that the desk knows', async () => {
    const app = deskApp(desk, ['desk.north.example']);
    expect((await app.request('https://desk.north.example/sign-in')).status).toBe(200);
    expect((await app.request('http://localhost/sign-in')).status).toBe(421);
  });
});

describe('the address of a redirect', () => {
  const odd = 'a/b?c=d#e \u00fc%';

  it('has the id of a patron encoded', async () => {
    desk.directory.add(
      {
        patronId: odd,
        name: 'Odd One',
        barcode: '77',
        email: 'o@x.example',
        group: 'GRADUATE',
        language: 'en',
        hasOverdueLoans: false,
      },
      [],
    );
    const page = await client.get('/?patron=77');
    expect([page.address, page.status]).toEqual([`/patrons/${encodeURIComponent(odd)}`, 200]);
  });

  it('has the id of a job encoded', async () => {
    const manager = deskClient(desk);
    await manager.signIn('mo');
    const form = await manager.get('/bulk-waive');
    const page = await manager.send(form, [
      ['jobId', '../till?x=1'],
      ['reason', 'OTHER'],
      ['feeType', 'OTHER'],
    ]);
    expect(page.address).toBe(`/bulk-waive/${encodeURIComponent('../till?x=1')}`);
  });
});

describe('every page', () => {
  it('has a policy that allows no inline script, and may not be framed by others', async () => {
    const { headers, html } = await client.get(home);
    const csp = headers.get('content-security-policy') ?? '';
    expect(csp).toContain("default-src 'none'; script-src 'self'; style-src 'self'");
    expect(csp).toContain("frame-ancestors 'self'");
    expect(csp).not.toContain('unsafe');
    expect(html).not.toMatch(/<script(?![^>]* src=)|<style| style=| on\w+=/);
  });

  it('escapes what people wrote', async () => {
    const evil = `<script>alert("1")</script>' onmouseover='x`;
    const form = await client.get(`${home}/add-fee`);
    const page = await client.send(form, [
      ['feeType', 'OTHER'],
      ['amount', '1.00'],
      ['owner', 'MAIN'],
      ['title', evil],
      ['comment', evil],
      ['then', 'close'],
    ]);
    expect(page.html).toContain('&lt;script&gt;');
    expect(page.html).not.toContain('<script>alert');
    expect(page.html).not.toContain(`' onmouseover`);
    const search = await client.get(`/?patron=${encodeURIComponent(evil)}`);
    expect(search.html).not.toContain('<script>alert');
  });

  it.each([
    '/nowhere',
    '/patrons/nobody',
    '/patrons/nobody/pay/form-9',
    `${home}/rows/none`,
    `${home}/receipts/none`,
  ])('answers 404 for the address %s', async (address) => {
    const page = await client.get(address);
    expect(page.status).toBe(404);
    expect(page.html).toContain('role="alert"');
  });
});

describe('finding a patron', () => {
  it('goes straight to the patron whose barcode was scanned', async () => {
    expect((await client.get('/?patron=2000003')).address).toBe(home);
  });

  it('lists patrons by part of a name, with their balances', async () => {
    const { html } = await client.get('/?patron=a');
    expect(html).toMatch(/USD/);
    expect(html).toContain('Only the first 20');
  });

  it.each(['Verma Dev', 'verma, dev', 'DEV  VER', '00171', 'dev 10001', 'd\u00e9v'])(
    'finds by parts of the name and the barcode in any order, as in "%s"',
    async (words) => {
      for (const [page, opens] of [
        ['/', ''],
        ['/users', '/details'],
      ]) {
        const found = await client.get(`${page}?patron=${encodeURIComponent(words)}`);
        expect(found.address).toBe(`/patrons/dverma${opens}`);
      }
    },
  );

  it('prefers a whole barcode to parts of others', async () => {
    const more = {
      name: 'Later Reader',
      email: 'l@x.example',
      group: 'GRADUATE',
      language: 'en',
      hasOverdueLoans: false,
    };
    desk.directory.add({ ...more, patronId: 'later', barcode: '91000171' }, []);
    expect((await client.get('/users?patron=1000171')).address).toBe('/patrons/dverma/details');
  });

  it('looks for the first words of a long text', async () => {
    const words = Array.from({ length: 1500 }, () => 'verma').join(' ');
    expect((await client.get(`/?patron=${encodeURIComponent(words)}`)).address).toBe('/patrons/dverma');
  });

  it('reports that nobody matches as a problem, and treats % and _ literally', async () => {
    for (const words of ['nobody', '%', '_', 'Dev nobody', ',', '\0nobody', '\0']) {
      const { html } = await client.get(`/?patron=${encodeURIComponent(words)}`);
      expect(html).toContain('<p class="nothing">No patron matches');
    }
  });
});

describe('a form', () => {
  it('that is sent twice pays once', async () => {
    const form = await client.get(`${home}/pay`);
    const receipt = await client.send(form, fields);
    expect(receipt.address).toMatch(/\/patrons\/u0000003\?recorded=form-\d+$/);
    const after = await payable();
    const again = await client.send(form, fields);
    expect(again.html).toContain('nothing was done twice');
    expect(await payable()).toBe(after);
    expect((await account()).payments.filter(({ method }) => method === 'CASH').at(-1)?.amount).toBe(100);
  });

  it('that pays has a receipt with names, which gets its number when it is first printed; later prints are copies', async () => {
    const paid = [];
    for (let n = 0; n < 2; n++) paid.push(await client.send(await client.get(`${home}/pay`), fields));
    const [first, second] = await Promise.all(paid.map(receiptOf));
    for (const page of [first, second]) expect(page?.html).toContain('No receipt was given yet.');
    // The one that is given first has the first number.
    expect(await printed(second)).toEqual(['Receipt 2026/1', '$1.00']);
    expect(await printed(first)).toEqual(['Receipt 2026/2', '$1.00']);
    expect(await printed(second)).toEqual(['Receipt (copy) 2026/1', '$1.00']);
    expect((await receiptOf(paid[1])).html).toContain('Receipt 2026/1 was given.');
    expect(first?.html).toContain('Lee Marsh, Main desk');
    expect(first?.html).not.toContain('MAIN-DESK');
    const rows = await client.get('/till?by=user&by=desk');
    expect(rows.html).toContain('<td data-label="Staff"><span>Lee Marsh</span></td>');
  });

  it('that pays late on the last day of the year gives a receipt of that year in local time', async () => {
    client = deskClient({ ...desk, now: () => '2027-01-01T02:30:00.000Z' });
    await client.signIn('lee');
    const page = await receiptOf(await client.send(await client.get(`${home}/pay`), fields));
    expect(page.html).toContain('Dec 31, 2026');
    expect((await printed(page))[0]).toBe('Receipt 2026/1');
  });

  it('that pays gives a receipt if the policy limits backdating', async () => {
    client = deskClient({ ...desk, policy: definePolicy({ ...policy, backdating: { days: 7 } }) });
    await client.signIn('lee');
    const page = await receiptOf(await client.send(await client.get(`${home}/pay`), fields));
    expect((await printed(page))[0]).toBe('Receipt 2026/1');
  });

  it('that adds a fee is refused with an owner that is no library of the list', async () => {
    for (const owner of ['constructor', 'ELSEWHERE']) {
      const page = await client.send(await client.get(`${home}/add-fee`), [
        ...[
          ['feeType', 'OTHER'],
          ['amount', '1.00'],
        ],
        ['owner', owner],
      ] as [string, string][]);
      expect([page.status, fieldsInError(page.html)]).toEqual([422, { owner: 'Choose a fee owner.' }]);
    }
  });

  it('that is opened again after it was sent shows what was recorded, not the form', async () => {
    const form = await client.get(`${home}/pay`);
    await client.send(form, fields);
    const again = await client.get(form.address);
    expect(again.html).toContain('was sent and recorded: payment received, 1.00 USD');
    expect(again.html).not.toContain('name="amount"');
  });

  it('that is sent again with another amount is refused, and says why', async () => {
    const form = await client.get(`${home}/pay`);
    await client.send(form, fields);
    const after = await payable();
    const page = await client.send(form, [
      ['method', 'CASH'],
      ['amount', '2'],
    ]);
    expect(page.status).toBe(409);
    expect(page.html).toContain('was sent before, with other contents');
    expect(await payable()).toBe(after);
  });

  it('does nothing if somebody else changed its figures, says what happened, and can then be sent again', async () => {
    const [first, second] = [await client.get(`${home}/pay`), await client.get(`${home}/pay`)];
    await client.send(first, fields);
    const after = await payable();
    const page = await client.send(second, fields);
    expect(page.status).toBe(409);
    expect(page.html).toContain('Somebody else changed this account');
    expect(page.html).toMatch(/Payment received, .*1\.00 USD.*, by Lee Marsh/);
    expect(await payable()).toBe(after);
    const sent = await client.send(page, fields);
    expect(sent.html).toContain('Payment received, 1.00 USD');
    expect(await payable()).not.toBe(after);
  });

  it('says who changed what and when, and then what no longer fits', async () => {
    const waive = (fee: string, amount: string) =>
      [
        ['feeId', fee],
        ['amount', amount],
        ['reason', 'OTHER'],
      ] as const;
    const form = await client.get('/patrons/dverma/waive?feeId=fee1');
    await client.send(await client.get('/patrons/dverma/pay?feeId=fee1'), [
      ['feeId', 'fee1'],
      ['method', 'CASH'],
      ['amount', '2.00'],
    ]);
    const page = await client.send(form, waive('fee1', '3.00'));
    expect(page.status).toBe(409);
    expect(page.html).toMatch(
      /Payment received, .*2\.00 USD.*, by Lee Marsh, <time[^>]*>Nov 26, 2026, 10:00/,
    );
    expect(page.html).not.toContain('name="confirmed"');
    expect(fieldsInError((await client.send(page, waive('fee1', '3.00'))).html)).toEqual({
      amount0: expect.stringContaining('1.00'),
    });
  });

  it.each([
    ['1.234', 422],
    ['-1', 422],
    ['', 422],
    ['ten', 422],
    ['999999.00', 409],
  ])('with the amount "%s" is refused, and keeps what was typed', async (amount, status) => {
    const page = await client.send(await client.get(`${home}/pay`), [
      ['method', 'CASH'],
      ['amount', amount],
      ['reference', 'slip 7'],
    ]);
    expect(page.status).toBe(status);
    expect(page.html).toContain('role="alert"');
    expect(page.html).toContain(`name="amount" value="${amount}"`);
    expect(page.html).toContain('value="slip 7"');
  });

  it.each([
    [
      'pay',
      [['amount', 'ten']],
      { method: 'Choose a payment method.', amount: 'Enter an amount such as 12.50.' },
    ],
    [
      'add-fee',
      [['amount', '0']],
      { feeType: 'Choose a fee type.', amount: 'Enter an amount such as 12.50.' },
    ],
    [
      'waive',
      [
        ...[
          ['feeId', 'fee1'],
          ['feeId', 'fee2'],
          ['amount', ''],
          ['amount', '1,50'],
        ],
        ['reason', ''],
      ],
      { amount1: 'Enter an amount such as 12.50.', reason: 'Choose a reason.' },
    ],
    [
      'waive',
      [
        ['feeId', 'fee1'],
        ['amount', ''],
        ['reason', 'OTHER'],
      ],
      { amount0: 'Select at least one fee, and enter its amount.' },
    ],
    [
      'restore',
      [
        ['feeId', 'fee4'],
        ['end', 'waive'],
      ],
      { reason: 'Choose a reason.' },
    ],
  ] as const)(
    'to %s with wrong entries says at each field what to do, and sets the focus to the first',
    async (path, filled, errors) => {
      const page = await client.send(
        await client.get(`/patrons/dverma/${path}`),
        filled as readonly (readonly [string, string])[],
      );
      expect(page.status).toBe(422);
      for (const [field, text] of Object.entries(errors)) {
        expect(page.html).toContain(`<li><a href="#${field}">${text}</a></li>`);
        expect(page.html).toContain(`<span class="error" id="${field}-error">${text}</span>`);
        const isFirst = Object.keys(errors)[0] === field;
        const [tag] = new RegExp(`<[a-z]+ [^>]*id="${field}"[^>]*>`).exec(page.html) ?? [];
        expect(tag).toContain(
          ` aria-invalid="true" aria-describedby="${field}-error"${isFirst ? ' autofocus>' : '>'}`,
        );
      }
      expect(page.html.match(/ autofocus/g)).toHaveLength(1);
      expect(page.html.match(/aria-invalid/g)).toHaveLength(Object.keys(errors).length);
    },
  );

  it('says that no fee was chosen', async () => {
    for (const [path, text] of [
      ['waive', 'Select at least one fee, and enter its amount.'],
      ['dispute', 'Select a fee.'],
    ]) {
      const page = await client.send(await client.get(`/patrons/dverma/${path}`), [['reason', 'OTHER']]);
      expect([page.status, page.html.includes(`<p>${text}</p>`)]).toEqual([422, true]);
    }
  });

  it('that is refused names its fee by type and title, not by id', async () => {
    const page = await client.send(await client.get('/patrons/dverma/dispute'), [['feeId', 'fee4']]);
    expect(page.html).toContain('“\u2068Damaged item fine, Birds of the north\u2069” is already disputed.');
    const none = await client.send(await client.get('/patrons/dverma/dispute'), [['feeId', 'fee99']]);
    expect(none.html).toContain('This patron has no fee fee99.');
  });

  it('that is too long is refused with a page, and does nothing', async () => {
    const before = await payable();
    const page = await client.send(await client.get(`${home}/pay`), [
      ...fields,
      ['comment', 'x'.repeat(100_000)],
    ]);
    expect([page.status, page.html.includes('The form is too long, so nothing was done.')]).toEqual([
      413,
      true,
    ]);
    expect(await payable()).toBe(before);
  });

  it('accepts more than is owed if it says that the rest becomes a credit', async () => {
    const page = await client.send(await client.get(`${home}/pay`), [
      ['method', 'CASH'],
      ['amount', '500.00'],
      ['rest', 'credit'],
    ]);
    const receipt = await receiptOf(page);
    expect(receipt.html).toContain('Kept as a credit');
    const { html } = await client.send(printing(receipt));
    expect(html).toContain('North University Library');
    expect(html.replace(/<[^>]*>/g, ' ')).toMatch(/Credit\s+\$[\d.]+\s+Total\s+\$500\.00/);
    expect(await payable()).toBe('0.00');
  });
});

/** The page of the payment that a form recorded. */
async function receiptOf(paid: ClientPage | undefined): Promise<ClientPage> {
  return client.get(/<a href="([^"]*\/receipts\/[^"]*)">Receipt</.exec(paid?.html ?? '')?.[1] ?? '');
}

/** The form that prints the receipt of a page. */
function printing(page: ClientPage): ClientPage {
  return { ...page, form: { ...page.form, action: page.form.action.replace(/mail$/, 'print') } };
}

/** Prints the receipt of a page: its title, and its total. */
async function printed(page: ClientPage | undefined): Promise<string[]> {
  const { html } = await client.send(printing(page as ClientPage));
  const text = html.replace(/<[^>]*>/g, ' ').replace(/[\u2068\u2069]/g, '');
  return [
    /<title>(.*?)<\/title>/.exec(html)?.[1]?.replace(/[\u2068\u2069]/g, '') ?? '',
    /Total\s+(\S+)/.exec(text)?.[1] ?? '',
  ];
}

describe('a list', () => {
  it.each(['10', '20', '1e99'])('whose page at row %s is gone shows the last one', async (offset) => {
    const { html } = await client.get(`/patrons/dverma/fees?status=transferred&offset=${offset}`);
    expect(html).toContain('Rows 1 to 1 of 1');
    expect(html.match(/<tr>/g)).toHaveLength(2);
  });
});

describe('a period', () => {
  it.each([
    ['/till', 'from=2026-02-30', '“2026-02-30” is not a date'],
    ['/till', 'from=2026-12-31&to=2026-01-01', 'The last day must be no earlier than the first.'],
    [`${home}/statement`, 'to=%3Cb%3E', '“&lt;b&gt;” is not a date'],
    [`${home}/statement`, 'from=2026-12-31&to=2026-01-01', 'The last day must be no earlier than the first.'],
  ])('at %s with %s is refused in plain words, and can be changed there', async (path, query, text) => {
    const page = await client.get(`${path}?${query}`);
    expect(page.status).toBe(422);
    expect(Object.values(fieldsInError(page.html)).join()).toContain(text);
    expect(page.html).toContain('type="date"');
    expect(page.html).not.toContain('INVALID_ARGUMENT');
  });

  it.each(['/till', `${home}/statement`])('at %s may begin long ago', async (path) => {
    expect((await client.get(`${path}?from=0226-01-01`)).status).toBe(200);
  });
});

describe('a form that is refused', () => {
  const [card, long] = ['4111 1111 1111 1111', 'x'.repeat(10_001)];
  const about = async (path: string, fields: Readonly<Record<string, string>>) => {
    const page = await client.send(await client.get(path), Object.entries(fields));
    return [page.status, fieldsInError(page.html)];
  };
  const isCard = (text: string) =>
    `The ${text} contains what looks like the number of a payment card. Remove it.`;

  it.each([
    ['pay', { method: 'CASH', amount: 'ten' }, { amount: 'Enter an amount such as 12.50.' }],
    ['pay', { method: 'X', amount: '' }, { amount: 'Enter an amount such as 12.50.' }],
    ['pay', { method: 'CASH', amount: '1', reference: card }, { reference: isCard('reference') }],
    ['pay', { method: 'CASH', amount: '1', reference: long }, { reference: 'Shorten the reference.' }],
    ['add-fee', { feeType: 'OTHER', amount: '1', title: long }, { title: 'Shorten the title.' }],
    ['add-fee', { feeType: 'OTHER', amount: '1', barcode: long }, { barcode: 'Shorten the barcode.' }],
    ['add-fee', { feeType: 'CREDIT', amount: '1' }, { reason: 'Choose a reason.' }],
    [
      'waive?feeId=fee2',
      { amount: 'x', reason: 'OTHER', comment: long, staffNote: long },
      {
        amount0: 'Enter an amount such as 12.50.',
        comment: 'Shorten the comment.',
        staffNote: 'Shorten the note.',
      },
    ],
    ['waive?feeId=fee2', { amount: '1', reason: 'OTHER', staffNote: card }, { staffNote: isCard('note') }],
    [
      'waive?feeId=fee2',
      { amount: '99', reason: 'OTHER' },
      {
        amount0:
          '99.00 is more than the 60.00 that can be waived of fee “\u2068Lost item replacement fee, A history of glass\u2069”.',
      },
    ],
    ['transfer?feeId=fee2', { amount: '1', destination: 'NOWHERE' }, { destination: expect.anything() }],
    ['dispute?feeId=fee2', { comment: card }, { comment: isCard('comment') }],
  ] as const)(
    'at %s says why at its fields, and sets the focus to the first: case %#',
    async (path, fields, expected) => {
      const [status, found] = await about(`/patrons/dverma/${path}`, fields);
      expect(found).toEqual(expected);
      expect(status).toBeGreaterThan(400);
    },
  );

  it('names credits and fees, and no ids', async () => {
    const by = { userId: 'lee', roles: ['CIRCULATION_DESK_MANAGER'], channel: 'desk' } as const;
    const credit = {
      type: 'IssueCredit',
      id: 'c1',
      cause: 'manual',
      reason: 'GOODWILL',
      amount: '5',
    } as const;
    await execute(desk.store, policy, { institution, patronId: 'dverma' }, { ...credit, at: now, by });
    const apply = '/patrons/dverma/apply-credit?creditId=c1';
    expect(await about(apply, { amount: '6' })).toEqual([
      409,
      {
        amount: '6.00 is more than the 5.00 that is left of credit “\u2068credit issued, 5.00 USD\u2069”.',
      },
    ]);
    expect(await about(apply, { amount: '1', feeId: 'fee4' })).toEqual([
      409,
      {
        feeId:
          'Fee “\u2068Damaged item fine, Birds of the north\u2069” is disputed. Resolve the dispute first.',
      },
    ]);
  });

  it('says beside the list of people that nobody was chosen', async () => {
    const stranger = deskClient(desk);
    const form = await stranger.get('/sign-in');
    const page = await stranger.send(form, [['user', 'mallory']]);
    expect([page.status, fieldsInError(page.html)]).toEqual([422, { user: 'Choose one of the people.' }]);
  });
});

describe('a server whose database fails', () => {
  it('shows a page with the error', async () => {
    const { html, status } = await client.get('/');
    expect([status, html.includes('Manage Patron Services')]).toEqual([200, true]);
    desk.database.close();
    const error = vi.spyOn(console, 'error').mockImplementation(() => undefined);
    const page = await client.get('/');
    error.mockRestore();
    expect([page.status, page.html.includes('it is never done twice')]).toEqual([500, true]);
  });
});

describe('a bulk waive', () => {
  it('that one server left unfinished is finished by the next one, and waives nothing twice', async () => {
    let appends = 0;
    const never = new Promise<never>(() => undefined);
    const append: typeof desk.store.append = (...appended) =>
      ++appends > 2 ? never : desk.store.append(...appended);
    const dying = deskClient({ ...desk, store: { ...desk.store, append } });
    await dying.signIn('mo');
    const plan = await dying.send(await dying.get('/bulk-waive'), [
      ['feeType', 'OVERDUEFINE'],
      ['reason', 'OTHER'],
    ]);
    const planned = await until(dying, plan.address, 'would be waived');
    await dying.send(planned);
    await expect.poll(() => appends).toBeGreaterThan(2);

    const next = deskClient(desk);
    await next.signIn('mo');
    const result = await until(next, plan.address, 'patrons differ from the dry run');
    expect(sumIn(result.html)).toBe(sumIn(planned.html));
    expect(result.html.match(/waived by an earlier run/g)).toHaveLength(2);
    const again = await next.get(`${plan.address}/report.csv`);
    expect(again.headers.get('content-type')).toContain('text/csv');
    expect(again.html.split('\n').length).toBeGreaterThan(10);
  });

  it('that is sent again with another threshold is planned again, and refused once it was run', async () => {
    await client.signIn('mo');
    const form = await client.get('/bulk-waive');
    const plan = (threshold: string) =>
      client.send(form, [
        ['threshold', threshold],
        ['reason', 'OTHER'],
      ]);
    const bad = await plan('a lot');
    expect([bad.status, bad.html.includes('Enter a threshold such as 12.50')]).toEqual([422, true]);
    const { address } = await plan('20.00');
    const first = await until(client, address, 'would be waived');
    expect(first.html).toMatch(/Threshold: .*20\.00 USD/);
    await plan('40.00');
    const second = await until(client, address, 'would be waived');
    expect(second.html).toMatch(/Threshold: .*40\.00 USD/);
    expect(Number(sumIn(second.html))).toBeGreaterThan(Number(sumIn(first.html)));
    await client.send(second);
    const result = await until(client, address, 'patrons differ from the dry run');
    expect(sumIn(result.html)).toBe(sumIn(second.html));
    expect((await plan('40.00')).html).toContain('patrons differ from the dry run');
    const other = await plan('50.00');
    expect([other.status, other.html.includes('was run, with other contents')]).toEqual([422, true]);
  });

  it('runs the dry run that the user saw, and no other one of the same form', async () => {
    await client.signIn('mo');
    const form = await client.get('/bulk-waive');
    const plan = async (threshold: string) => {
      const { address } = await client.send(form, [
        ['threshold', threshold],
        ['reason', 'OTHER'],
      ]);
      return until(client, address, 'would be waived');
    };
    const small = await plan('5.00');
    const large = await plan('');
    const before = await events();
    const refused = await client.send(small);
    expect(refused.status).toBe(409);
    expect(refused.html).toContain('The form was changed in another window. Look at the new dry run first.');
    expect(sumIn(refused.html)).toBe(sumIn(large.html));
    expect(await events()).toBe(before);
    await client.send(refused);
    const result = await until(client, large.address, 'patrons differ from the dry run');
    expect(sumIn(result.html)).toBe(sumIn(large.html));
  });

  it('whose dry run was stopped runs nothing, and can be planned again with the same form', async () => {
    await client.signIn('mo');
    const form = await client.get('/bulk-waive');
    const working = await client.send(form, [['reason', 'OTHER']]);
    expect(working.form.action).toMatch(/\/stop$/);
    const before = await events();
    await client.send(working);
    await until(client, working.address, 'Stopped:');
    const run = working.form.action.replace('/stop', '/run');
    const refused = await client.send({ ...working, form: { ...working.form, action: run } });
    expect([refused.status, await events()]).toEqual([409, before]);
    expect(refused.html).toContain('The dry run did not come to its end');
    await client.send(form, [['reason', 'OTHER']]);
    await client.send(await until(client, working.address, 'would be waived'));
    await until(client, working.address, 'patrons differ from the dry run');
  });

  it('can be limited to days, a set and a file, reports rows that waive nothing, and is listed after a restart', async () => {
    await client.signIn('mo');
    const form = await client.get('/bulk-waive');
    const [first, second] = desk.directory.all();
    if (first === undefined || second === undefined) throw new Error('no patrons');
    await execute(
      desk.store,
      policy,
      { institution, patronId: second.patronId },
      { type: 'AssessFee', id: 'of-the-file', feeType: 'OTHER', amount: '3', owner: 'MAIN', at: now },
    );
    const plan = await client.send(form, [
      ['setName', 'Two people'],
      ['set', `barcode\n${first.barcode}\n${second.barcode}\n999\n`],
      ['fees', `barcode;feeId\n${second.barcode};of-the-file\n${second.barcode};gone\n`],
      ['feesName', 'fees.csv'],
      ['createdThrough', '2026-11-26'],
      ['reason', 'OTHER'],
    ]);
    const planned = await until(client, plan.address, 'would be waived');
    expect(planned.html).toMatch(/1 patron, 1 fee: <strong>.*3\.00 USD/);
    expect(planned.html).toContain('Set: Two people. File: fees.csv.');
    expect(planned.html).toContain('Set, row 3: <bdi>999</bdi>: the patron is not in the directory');
    expect(planned.html).toContain(', fee <bdi>gone</bdi>: the patron has no such fee');
    expect(planned.html).toContain(second.name);
    await client.send(planned);
    const result = await until(client, plan.address, '0 patrons differ from the dry run');

    const next = deskClient(desk);
    await next.signIn('mo');
    const list = await next.get('/bulk-waive');
    expect(list.html).toContain('Run: done');
    expect(list.html).toContain(`href="${plan.address}"`);
    expect(list.html).toContain('Mo Castellano');
    const again = await next.get(plan.address);
    expect(again.html.replace(/name="csrf" value="[^"]*"/g, '')).toBe(
      result.html.replace(/name="csrf" value="[^"]*"/g, ''),
    );
    expect((await next.get(`${plan.address}/report.csv`)).html).toContain('of-the-file');
  });

  it('accepts files as a browser sends them', async () => {
    await client.signIn('mo');
    const form = await client.get('/bulk-waive');
    const body = new FormData();
    for (const [name, value] of form.form.hidden) body.append(name, value);
    body.append('reason', 'OTHER');
    body.append('fees', new File(['patronId,feeId\n'], 'none.txt'));
    body.append('set', new File([''], ''));
    const { address } = await client.sendBody(form, body);
    const planned = await until(client, address, 'would be waived');
    expect(planned.html).toContain('Set: none. File: none.txt.');
    expect(planned.html).toContain('not waived: no fee in the file');
  });

  /** Loads a page until it has the words. */
  async function until(of: typeof client, address: string, words: string) {
    let page = await of.get(address);
    await expect
      .poll(async () => {
        page = await of.get(address);
        return page.html;
      })
      .toContain(words);
    return page;
  }

  const events = async () => (await desk.store.readAll({ limit: 5_000 })).events.length;
  const sumIn = (html: string) => /<strong>.*?([\d.]+) USD/.exec(html)?.[1];
});
