import fc from 'fast-check';
import { execute, loadAccount } from 'patron-fees/history';
import { beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { actions, deskApp } from '../../examples/desk/app.js';
import { type Desk, institution, policy } from '../../examples/desk/desk.js';
import { addGuidesPatron } from '../../examples/desk/samplePatrons.js';
import { staff } from '../../examples/desk/staff.js';
import { tried } from '../support/seeded.js';
import { deskClient, now, type Person, sampleDesk } from './support/deskClient.js';

type Client = ReturnType<typeof deskClient>;

const operators = ['pay', 'add-fee', 'waive', 'dispute', 'apply-credit', 'return-item'] as const;
const managers = [...operators, 'restore', 'transfer', 'refund-credit', 'undo'] as const;

/** Who may do what. The tests do not read it from the policy. */
const allowed: Readonly<Record<Person, readonly string[]>> = {
  kim: operators,
  lee: [...managers, '/till', '/till-session', '/splits', '/student-system'],
  mo: [...managers, '/till', '/till-session', '/splits', '/student-system', '/bulk-waive', '/online'],
  noor: ['waive', '/bulk-waive', '/online'],
};
const people = Object.keys(allowed) as Person[];

/** What a form about a patron with something of everything is filled with. */
const filledIn: Readonly<Record<string, readonly (readonly [string, string])[]>> = {
  pay: [
    ['method', 'CASH'],
    ['amount', '1.00'],
  ],
  'add-fee': [
    ['feeType', 'OTHER'],
    ['amount', '1.00'],
  ],
  waive: [
    ['feeId', 'fee1'],
    ['amount', '1.00'],
    ['reason', 'OTHER'],
  ],
  dispute: [['feeId', 'fee1']],
  restore: [
    ['feeId', 'fee4'],
    ['end', 'feeStands'],
  ],
  transfer: [
    ['feeId', 'fee1'],
    ['amount', '1.00'],
    ['destination', 'BANNER'],
  ],
  'return-item': [['feeId', 'fee2']],
  undo: [['of', 'payment1']],
  'apply-credit': [['creditId', 'credit1']],
  'refund-credit': [
    ['creditId', 'credit1'],
    ['method', 'CASH'],
  ],
};

let desk: Desk;
let app: ReturnType<typeof deskApp>;
let patrons = 0;
let patronId: string;
let home: string;

beforeAll(async () => {
  desk = await sampleDesk();
  app = deskApp(desk);
});

beforeEach(async () => {
  patrons += 1;
  patronId = `role${patrons}`;
  home = `/patrons/${patronId}`;
  await addGuidesPatron(desk, patronId, `66${patrons}`);
  const { permissions: _, ...open } = policy;
  const credit = { type: 'IssueCredit', id: 'credit1', cause: 'imported', amount: '2.00', at: now } as const;
  await execute(desk.store, open, { institution, patronId }, credit);
});

const signedIn = async (person: Person): Promise<Client> => {
  const client = deskClient(desk, app);
  await client.signIn(person);
  return client;
};
const load = () => loadAccount(desk.store, { institution, patronId });

/** Posts fields to an address without opening its form: the token of the session is on every page. */
async function postByHand(
  client: Client,
  action: string,
  fields: readonly (readonly [string, string])[] = [],
) {
  const page = await client.get('/');
  return client.send({ ...page, form: { ...page.form, action } }, fields);
}

/** Posts a form about the patron by hand, with the current version of the account. */
async function sendByHand(client: Client, path: string, fields: readonly (readonly [string, string])[]) {
  const { version } = await load();
  const always = [['version', `${version}`]] as const;
  return postByHand(client, `${home}/${path}/${desk.newId()}`, [...always, ...fields]);
}

/** The forms behind a person's pages about the patron. */
async function shownTo(client: Client): Promise<Set<string>> {
  const lists = ['', '&sort=remaining'].map((order) => client.get(`${home}/fees?status=all${order}`));
  const pages = await Promise.all([client.get(home), client.get(`${home}/rows/fee1`), ...lists]);
  const links = pages.flatMap(({ html }) => [...html.matchAll(/(?:href|formaction)="([^"?]*)/g)]);
  return new Set(links.map(([, address = '']) => address.replace(`${home}/`, '')));
}

it('cover every command of the policy and every form', () => {
  const given = actions.flatMap(({ commandType, otherTypes = [] }) => [commandType, ...otherTypes]);
  // The import of the student system's files gives two more, the list of online payments too; the till and two accounts have theirs.
  const others = [
    'MergeAccounts',
    'SeparateAccounts',
    'OpenTill',
    'SettleTransfer',
    'ReverseSettlement',
    'SettleOnlinePart',
    'SettleOnlineReport',
    'CloseTill',
  ];
  expect([...new Set([...given, ...others])].sort()).toEqual(Object.keys(policy.permissions ?? {}).sort());
  expect(actions.map(({ path }) => path).sort()).toEqual(Object.keys(filledIn).sort());
  expect(staff.map(({ userId }) => userId)).toEqual(people);
});

describe.each(people)('the roles of %s', (person) => {
  it.each(Object.keys(filledIn))(
    'hide the form "%s" and refuse it, or show it and accept it',
    async (path) => {
      const client = await signedIn(person);
      const isShown = (await shownTo(client)).has(path);
      const [form, before] = [await client.get(`${home}/${path}?feeId=fee1`), await load()];
      const sent = await sendByHand(client, path, [...(filledIn[path] ?? []), ['confirmed', 'yes']]);
      const after = await load();
      const formStatus = { status: form.status, hasForm: form.html.includes('name="version"') };
      expect(isShown).toBe(allowed[person].includes(path));
      if (isShown) {
        expect(formStatus).toEqual({ status: 200, hasForm: true });
        expect(sent.status).toBe(200);
        expect(after.version).toBeGreaterThan(before.version);
        return;
      }
      expect(formStatus).toEqual({ status: 403, hasForm: false });
      for (const { html } of [form, sent])
        expect(html).toMatch(/role="alert".*You may not do this. This needs the role Circulation Desk/);
      expect(sent.status).toBe(403);
      expect(sent.html).not.toContain('name="version"');
      expect(after.version).toBe(before.version);
    },
  );

  it.each(['/till', '/till-session', '/bulk-waive', '/student-system', '/online'])(
    'hide %s and refuse it, or show it',
    async (address) => {
      const client = await signedIn(person);
      const isShown = (await client.get('/')).html.includes(`href="${address}"`);
      expect(isShown).toBe(allowed[person].includes(address));
      expect((await client.get(address)).status).toBe(isShown ? 200 : 403);
    },
  );

  it('refuse to waive more than their limit, and nothing else (property)', async () => {
    const client = await signedIn(person);
    const limit = { kim: 1000, lee: Infinity, mo: Infinity, noor: 5000 }[person];
    const cents = fc.integer({ min: 1, max: 6000 });
    const near = fc.constantFrom(999, 1000, 1001, 4999, 5000, 5001).map((sum) => sum - 300);
    await fc.assert(
      fc.asyncProperty(fc.oneof(cents, near), fc.constantFrom(100, 300), async (lost, other) => {
        const page = await sendByHand(client, 'waive', [
          ['feeId', 'fee2'],
          ['amount', (lost / 100).toFixed(2)],
          ['feeId', 'fee1'],
          ['amount', (other / 100).toFixed(2)],
          ['reason', 'OTHER'],
        ]);
        expect(page.status).toBe(lost + other > limit ? 403 : 200);
        expect(page.html).toContain(page.status === 403 ? 'You may do this up to' : 'Confirm');
      }),
      tried(25),
    );
  });
});

it('are explained with the names that people know, and never recorded', async () => {
  const kim = await signedIn('kim');
  const waived = (amount: string) =>
    [
      ['feeId', 'fee2'],
      ['amount', amount],
      ['reason', 'OTHER'],
      ['confirmed', 'yes'],
    ] as const;
  const { html } = await kim.get(`${home}/waive?feeId=fee2`);
  expect(html).toMatch(/Your roles allow up to .*10\.00 USD.* with one form/);
  expect((await (await signedIn('lee')).get(`${home}/waive?feeId=fee2`)).html).not.toContain('Your roles');
  const refused = await sendByHand(kim, 'waive', waived('10.01'));
  expect([refused.status, refused.html.includes('value="10.01"')]).toEqual([403, true]);
  expect(refused.html).toContain(
    'You may do this up to 10.00, not 10.01. This needs the role Circulation Desk Manager or User Manager.',
  );
  const before = await load();
  expect((await sendByHand(kim, 'waive', waived('10.00'))).status).toBe(200);
  const { events } = await desk.store.read({ institution, patronId }, { after: before.version });
  expect(events.map(({ event }) => [event.type, event.data.by])).toEqual([
    [
      'LostItemCreditIssued',
      { userId: 'kim', channel: 'desk', desk: 'MAIN-DESK', library: 'MAIN', institution },
    ],
  ]);
});

it('refuse a form before it is compared with what others changed', async () => {
  const kim = await signedIn('kim');
  const page = await postByHand(kim, `${home}/waive/${desk.newId()}`, [
    ['version', '1'],
    ['feeId', 'fee2'],
    ['amount', '10.01'],
    ['reason', 'OTHER'],
    ['confirmed', 'yes'],
  ]);
  expect([page.status, page.html.includes('Somebody else')]).toEqual([403, false]);
});

describe('a waiver above the amount for one person', () => {
  let lee: Client;
  let feeId: string;
  /** The form as it is filled in; `approver` is chosen where the page asks for one. */
  const waiver = (amount: string, approver?: string) =>
    [
      ['feeId', feeId],
      ['amount', amount],
      ['reason', 'OTHER'],
      ...(approver === undefined ? [] : [['approver', approver] as const]),
    ] as const;
  /** What a page shows: without what it carries unseen. */
  const shown = ({ html }: { readonly html: string }) => html.replaceAll(/<input type="hidden"[^>]*>/g, '');

  beforeEach(async () => {
    lee = await signedIn('lee');
    const charged = await lee.send(await lee.get(`${home}/add-fee`), [
      ['feeType', 'OTHER'],
      ['amount', '160.00'],
    ]);
    feeId = /recorded=([\w-]+)/.exec(charged.address)?.[1] ?? '';
  });

  it('asks for a second person, and records who approved it', async () => {
    const refused = await lee.send(await lee.get(`${home}/waive`), waiver('120.00'));
    expect(refused.status).toBe(403);
    expect(refused.html).toContain('must approve it');
    expect(refused.html).toContain('>Mo Castellano</option>');
    expect(refused.html).not.toContain('>Lee Marsh</option>');
    expect(refused.html).not.toContain('>Kim Okafor</option>');
    for (const approver of ['lee', 'kim', 'nobody'])
      expect((await lee.send(refused, waiver('120.00', approver))).status).toBe(403);
    const asked = await lee.send(refused, waiver('120.00', 'mo'));
    expect(shown(asked)).toMatch(/Mo Castellano approves up to .*120\.00/);
    const done = await lee.send(asked, [['confirmed', 'yes']]);
    expect(done.status).toBe(200);
    const { events } = await desk.store.read({ institution, patronId });
    const approvedBy = { userId: 'mo', upTo: '120.00' };
    expect(events.at(-1)?.event.data).toMatchObject({ by: { userId: 'lee' }, approvedBy });
  });

  it('shows the amount to the second person, and asks again for a higher one', async () => {
    const first = await lee.send(await lee.get(`${home}/waive`), waiver('120.00'));
    expect(shown(first)).toMatch(/Approval of .*120\.00/);
    const higher = await lee.send(first, waiver('150.00', 'mo'));
    expect(higher.status).toBe(403);
    expect(shown(higher)).toMatch(/Approval of .*150\.00/);
    expect(shown(higher)).toMatch(/120\.00.* was approved; the form now comes to .*150\.00/);
    expect(shown(higher)).toContain('150.00 is more than the approved 120.00');
    expect(higher.html).not.toMatch(/<option value="mo" selected/);
    expect((await lee.send(higher, waiver('150.00'))).status).toBe(403);
    const { version } = await load();
    const asked = await lee.send(higher, waiver('150.00', 'mo'));
    expect((await load()).version).toBe(version);
    await lee.send(asked, [['confirmed', 'yes']]);
    const { events } = await desk.store.read({ institution, patronId });
    const approvedBy = { userId: 'mo', upTo: '150.00' };
    expect(events.at(-1)?.event.data).toMatchObject({ amount: '150.00', approvedBy });
  });
});

describe('a bulk waive', () => {
  let job: string;

  beforeEach(async () => {
    const mo = await signedIn('mo');
    job = (await mo.send(await mo.get('/bulk-waive'), [['reason', 'OTHER']])).address;
    await expect.poll(async () => (await mo.get(job)).html).toContain('would be waived');
  });

  it.each(['kim', 'lee'] as const)('is refused to %s at every address', async (person) => {
    const client = await signedIn(person);
    const [jobId, before] = ['job-by-hand', await load()];
    const pages = [
      await client.get(job),
      await client.get(`${job}/report.csv`),
      await postByHand(client, '/bulk-waive', [
        ['jobId', jobId],
        ['reason', 'OTHER'],
      ]),
      await postByHand(client, `${job}/run`),
      await postByHand(client, `${job}/stop`),
    ];
    for (const { status, html } of pages) {
      expect(status).toBe(403);
      expect(html).toContain('This needs the role User Manager.');
    }
    const mo = await signedIn('mo');
    expect((await mo.get(job)).html).toContain('would be waived');
    expect((await mo.get(`/bulk-waive/${jobId}`)).status).toBe(404);
    expect((await load()).version).toBe(before.version);
  });

  it('runs with the roles of the user who runs it, up to their limit for each patron', async () => {
    const noor = await signedIn('noor');
    await noor.send(await noor.get(job));
    await expect.poll(async () => (await noor.get(job)).html).toContain('patrons differ from the dry run');
    expect((await noor.get(job)).html).toContain('not waived: more owed of these types than your roles may');
    const rest = desk.directory.all().map(async (patron) => {
      const { events } = await desk.store.read({ institution, patronId: patron.patronId });
      const own = events.filter(({ event }) => event.data.by?.channel === 'job');
      const amounts = own.map(({ event }) => ('amount' in event.data ? Number(event.data.amount) : 0));
      expect(own.every(({ event }) => event.data.by?.userId === 'noor')).toBe(true);
      return amounts.reduce((sum, amount) => sum + amount, 0);
    });
    const waived = (await Promise.all(rest)).filter((sum) => sum > 0);
    expect(waived.length).toBeGreaterThan(5);
    expect(Math.max(...waived)).toBeLessThanOrEqual(50);
  });
});
