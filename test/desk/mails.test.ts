import { execFileSync, spawnSync } from 'node:child_process';
import { mkdtempSync, readdirSync, readFileSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import fc from 'fast-check';
import { execute } from 'patron-fees/history';
import PostalMime from 'postal-mime';
import { afterAll, beforeEach, describe, expect, it } from 'vitest';
import { type Desk, institution, openDesk, policy } from '../../examples/desk/desk.js';
import { isMailbox, type Mail, putMail } from '../../examples/desk/mailFolder.js';
import { describeWith } from '../support/programs.js';
import { tried } from '../support/seeded.js';
import { type ClientPage, deskClient, now, sampleDesk } from './support/deskClient.js';

const folder = mkdtempSync(join(tmpdir(), 'patron-fees-mails-'));
afterAll(() => rmSync(folder, { recursive: true }));

let desks = 0;
let desk: Desk;
let client: ReturnType<typeof deskClient>;

async function openSampleDesk(): Promise<void> {
  desks += 1;
  desk = openDesk(join(folder, `${desks}.db`), await sampleParts());
  mailFolder = desk.outbox.folder;
  client = deskClient(desk);
  await client.signIn('lee');
}

/** A desk whose patrons are in memory, and whose e-mails are in the folder of these tests. */
async function sampleParts(): Promise<Partial<Desk>> {
  const { store, directory, newId } = await sampleDesk(20);
  return { store, directory, newId, now: () => now };
}

/** The folder of the e-mails of a test. */
let mailFolder: string;
/** Its e-mails: a process that is killed can leave a part of one behind, under another name. */
const files = () =>
  readdirSync(mailFolder)
    .filter((name) => name.endsWith('.eml'))
    .sort();
const read = (name: string) => readFileSync(join(mailFolder, name));
/** An e-mail as a parser reads it, without the line break that it counts to a part and the standard to what follows. */
const parsed = async (name: string) => {
  const { text = '', html = '', ...mail } = await PostalMime.parse(read(name));
  return { ...mail, text: text.replace(/\n$/, ''), html: html.replace(/\n$/, '') };
};
const sentTo = (patronId: string) => desk.outbox.sentTo(patronId);
/** Presses "E-mail". */
const sendByMail = (page: ClientPage) => {
  const [, action = '', fields = ''] =
    /<form method="post" action="([^"]*\/mail)"[^>]*>([\s\S]*?)<\/form>/.exec(page.html) ?? [];
  const hidden = [...fields.matchAll(/name="([^"]*)" value="([^"]*)"/g)].map(
    ([, name = '', value = '']) => [name, value] as const,
  );
  return client.send({ ...page, form: { action, hidden } });
};
/** Presses "Send notices", and confirms what the page shows, if there is anything. */
const sendNotices = async (by = client): Promise<ClientPage> => {
  const asked = await by.send(await by.get('/notices'));
  return asked.form.hidden.some(([name]) => name === 'confirmed') ? by.send(asked) : asked;
};
const allMails = () => Promise.all(files().map(parsed));

/** Python's reading of e-mails: their heads, the two texts, and whatever is wrong with them. */
function readByPython(names: readonly string[]) {
  const script = `
import email, email.policy, json, sys
def told(path):
    with open(path, 'rb') as file:
        mail = email.message_from_binary_file(file, policy=email.policy.default)
    defects = [str(d) for part in mail.walk() for d in part.defects]
    defects += [str(d) for part in mail.walk() for head in part.values() for d in head.defects]
    return {'heads': [[name, str(text)] for name, text in mail.items()], 'defects': defects,
            'type': mail.get_content_type(), 'parts': [part.get_content_type() for part in mail.iter_parts()],
            'charsets': [part.get_content_charset() for part in mail.iter_parts()],
            'encodings': [part['Content-Transfer-Encoding'] for part in mail.iter_parts()],
            'text': mail.get_body(('plain',)).get_content(), 'html': mail.get_body(('html',)).get_content()}
print(json.dumps([told(path) for path in sys.argv[1:]]))`;
  const paths = names.map((name) => join(mailFolder, name));
  return JSON.parse(execFileSync('python3', ['-c', script, ...paths], { encoding: 'utf8' })) as {
    readonly heads: readonly (readonly [string, string])[];
    readonly defects: readonly string[];
    readonly type: string;
    readonly parts: readonly string[];
    readonly charsets: readonly string[];
    readonly encodings: readonly string[];
    readonly text: string;
    readonly html: string;
  }[];
}

const heads = [
  ...['Content-Language', 'From', 'To', 'Subject', 'Message-ID', 'Date', 'MIME-Version', 'Content-Type'],
];

describe('notices', () => {
  beforeEach(openSampleDesk);

  it('are sent once, each to its patron, in the language of the patron, with the day of the event', async () => {
    const page = await sendNotices();
    expect(page.html).toContain(`sent, as files in <span class="path">${desk.outbox.folder}</span>`);
    const mails = await allMails();
    expect(mails.length).toBeGreaterThan(8);
    expect(page.html).toContain(`${mails.length} e-mails sent`);
    expect(new Set(mails.map(({ messageId }) => messageId)).size).toBe(mails.length);
    const [paid] = await Promise.all(
      sentTo('dverma')
        .filter(({ what }) => what === 'We received your payment')
        .map(({ file }) => parsed(file)),
    );
    expect(paid).toMatchObject({
      from: { name: 'North University Library', address: 'circulation@north.example' },
      to: [{ name: 'Dev Verma', address: 'dev.verma@north.example' }],
      subject: 'We received your payment',
      date: '2026-11-02T14:00:00.000Z',
    });
    expect(paid?.text).toContain('$1.50');
    expect(paid?.html).toContain('<title>We received your payment</title>');
    expect(paid?.headers.find(({ key }) => key === 'list-unsubscribe')).toBeUndefined();
    const german = mails.find(({ headers }) =>
      headers.some(({ key, value }) => key === 'content-language' && value === 'de'),
    );
    expect(german?.subject).toBe('Was Sie schulden');
    expect(german?.html).toContain('<html lang="de"');

    const times = files().map((name) => statSync(join(desk.outbox.folder, name)).ino);
    expect((await sendNotices()).html).toContain('There is nothing to tell.');
    expect(files().map((name) => statSync(join(desk.outbox.folder, name)).ino)).toEqual(times);
  });

  it('report what was done since the last notices', async () => {
    await sendNotices();
    const before = files();
    const by = {
      userId: 'lee',
      roles: ['CIRCULATION_DESK_MANAGER'],
      channel: 'desk',
      library: 'MAIN',
    } as const;
    const fee = { type: 'AssessFee', id: 'new', feeType: 'OTHER', amount: '7', at: now, by } as const;
    await execute(desk.store, policy, { institution, patronId: 'dverma' }, fee);
    const page = await sendNotices();
    const [added, ...others] = files().filter((name) => !before.includes(name));
    expect(others).toEqual([]);
    expect((await parsed(added ?? '')).subject).toBe('A fee was charged');
    expect(page.html).toContain('1 e-mail sent');
    const address = /href="(\/mails\/[^"]*)"/.exec(page.html)?.[1] ?? '';
    const file = await client.get(address);
    expect(file.headers.get('content-type')).toBe('message/rfc822');
    expect(file.html).toBe(read(added ?? '').toString());
  });

  it('of a patron whose address is not one mailbox are not sent; the result says so, with the name', async () => {
    const directory = {
      ...desk.directory,
      find: (patronId: string) => {
        const patron = desk.directory.find(patronId);
        return patron && { ...patron, email: 'a@north.example, b@else.example' };
      },
    };
    const other = deskClient({ ...desk, directory });
    await other.signIn('lee');
    const page = await sendNotices(other);
    expect(page.html).toContain('There was nothing to tell.');
    expect(page.html).toContain('<bdi>Dev Verma</bdi>');
    expect(page.html).toContain('is not an e-mail address');
    const report = await other.get('/patrons/dverma/report');
    expect(report.html).toContain('No e-mail can be sent');
    const refused = await other.send({ ...report, form: { ...report.form, action: report.address } });
    expect(refused.status).toBe(422);
    // Once the address is right, they are sent.
    expect((await sendNotices()).html).toMatch(/\d+ e-mails sent/);
  });

  it('are each sent once by two managers at the same time', async () => {
    const other = deskClient(desk);
    await other.signIn('mo');
    const pages = await Promise.all([sendNotices(), sendNotices(other)]);
    for (const { status, html } of pages) expect([status, html.includes('finding')]).toEqual([200, false]);
    const ids = (await allMails()).map(({ messageId }) => messageId);
    expect(ids.length).toBeGreaterThan(8);
    expect(new Set(ids).size).toBe(ids.length);
    const { events } = await desk.office.readAll();
    expect(events.filter(({ event }) => event.type === 'NoticeSent')).toHaveLength(ids.length);
  });

  it('can be sent by managers only', async () => {
    const clerk = deskClient(desk);
    expect((await clerk.signIn('kim')).html).not.toContain('href="/notices"');
    expect((await clerk.get('/notices')).status).toBe(403);
    expect((await client.get('/')).html).toContain('href="/notices"');
  });

  it('are each sent once, although the process is killed between sending and recording', async () => {
    const file = join(folder, 'killed.db');
    const program = fileURLToPath(new URL('./support/dyingMails.ts', import.meta.url));
    const env = { ...process.env, DESK_FILE: file };
    const { signal, stderr } = spawnSync(process.execPath, ['--import', 'tsx', program], { env });
    expect([signal, `${stderr}`]).toEqual(['SIGKILL', '']);
    desk = openDesk(file, { now: () => now });
    mailFolder = desk.outbox.folder;
    client = deskClient(desk);
    await client.signIn('lee');
    const inodes = () => new Map(files().map((name) => [name, statSync(join(desk.outbox.folder, name)).ino]));
    const killed = inodes();
    const recorded = async () =>
      (await desk.office.readAll()).events.filter(({ event }) => event.type === 'NoticeSent').length;
    // Accounts are worked on at the same time: the mails of some were written, and are not recorded.
    expect(killed.size).toBeGreaterThan(2);
    expect(await recorded()).toBeLessThan(killed.size);
    await sendNotices();
    const all = inodes();
    for (const [name, inode] of killed) expect([name, all.get(name)]).toEqual([name, inode]);
    const ids = (await allMails()).map(({ messageId }) => messageId);
    expect(new Set(ids).size).toBe(ids.length);
    expect(await recorded()).toBe(ids.length);
    expect(ids.length).toBeGreaterThan(killed.size);
    expect((await sendNotices()).html).toContain('There is nothing to tell.');
    desk.database.close();
  });
});

describe('what staff send', () => {
  beforeEach(openSampleDesk);

  it('receipt: once for each press of the button; the page says where it went', async () => {
    const page = await client.get('/patrons/dverma/receipts/payment1');
    const sent = await sendByMail(page);
    await sendByMail(page);
    const [mail, ...others] = sentTo('dverma');
    expect(others).toEqual([]);
    expect(sent.html).toContain(`Sent to dev.verma@north.example`);
    expect(sent.html).toContain(desk.outbox.path(mail as NonNullable<typeof mail>));
    const receipt = await parsed(mail?.file ?? '');
    expect(receipt.subject).toBe('Receipt 2026/1');
    expect(receipt.text).toContain('Issued by: Lee Marsh');
    expect(receipt.html).toContain('North University Library');
    await sendByMail(await client.get('/patrons/dverma/receipts/payment1'));
    expect(sentTo('dverma')).toHaveLength(2);
  });

  it('statement: of the days that the page shows', async () => {
    const page = await client.get('/patrons/dverma/statement?from=2026-11-01&to=2026-11-05');
    const sent = await sendByMail(page);
    expect(sent.address).toMatch(/from=2026-11-01&to=2026-11-05&mailed=/);
    const { subject, text = '' } = await parsed(sentTo('dverma')[0]?.file ?? '');
    expect(subject).toBe('Statement of account');
    // The day on which clocks are set back begins at midnight, too.
    expect(text).toContain('From: Nov 1, 2026, 12:00 AM');
    expect(text).toContain('Payment, Overdue fine: Atlas of tides, Cash');
    expect(text).not.toContain('Card renewal');
  });

  it('is in English where the desk has no words in the language of the patron, and says so', async () => {
    const directory = {
      ...desk.directory,
      find: (patronId: string) => {
        const patron = desk.directory.find(patronId);
        return patron && { ...patron, language: 'eo' };
      },
    };
    const other = deskClient({ ...desk, directory });
    await other.signIn('lee');
    await other.send(await other.get('/patrons/dverma/report'));
    const { subject, headers } = await parsed(sentTo('dverma')[0]?.file ?? '');
    expect(subject).toBe('Activity report');
    expect(headers).toContainEqual(expect.objectContaining({ key: 'content-language', value: 'en' }));
  });

  it('activity report: in the language of the patron, once for each form', async () => {
    const german = desk.directory.all().find(({ language }) => language === 'de');
    const page = await client.get(`/patrons/${german?.patronId}/report`);
    const sent = await client.send(page);
    await client.send(page);
    expect(sent.html).toContain('Sent so far: 1');
    const [mail, ...others] = sentTo(german?.patronId ?? '');
    expect(others).toEqual([]);
    const { subject, html } = await parsed(mail?.file ?? '');
    expect(subject).toBe('Kontoübersicht');
    expect(html).toContain('<html lang="de"');
  });
});

const mail: Mail = {
  ...{ id: 'm', to: { name: 'Dev Verma', address: 'd@north.example' }, subject: 'A fee was charged' },
  ...{ at: '2026-03-02T14:00:00Z', language: 'en', text: 'Text\n', html: '<p>Text</p>\n' },
};

const hostile = [
  'Eve\r\nBcc: all@else.example',
  'Eve\n\nBody',
  'Eve\u2028X: 1',
  '"Eve" <all@else.example>, b',
  'رحلة ابن بطوطة',
  '\u202egnirts desrever',
  '😀 =?UTF-8?Q?a?= 👩‍👩‍👧',
  '\ud83d broken',
  'ü'.repeat(400),
  'a long line '.repeat(200),
  'x'.repeat(1_200),
];

/** A name or subject is on one line, at most 200 characters long, without marks of direction. */
const expectLine = (found: string, given: string) => {
  expect(found).not.toMatch(/[\p{Cc}\u2028\u2029\u202A-\u202E\u2066-\u2069]/u);
  const letters = (text: string) => text.match(/[\p{L}\p{N}]/gu)?.join('') ?? '';
  expect(letters(found)).toBe(letters(given.replace(/\p{Surrogate}/gu, '').slice(0, 200)));
};

describe('a mail with hostile texts', () => {
  beforeEach(() => {
    mailFolder = mkdtempSync(join(folder, 'mails-'));
  });

  it.each(hostile)('has the same headers as any other mail: text %#', async (text) => {
    const name = await putMail(mailFolder, {
      ...mail,
      ...{
        id: text,
        to: { ...mail.to, name: text },
        subject: text,
        text: `${text}\n`,
        html: `<p>${text}</p>`,
      },
    });
    const { headers, to, subject = '' } = await parsed(name);
    expect(headers.map(({ originalKey }) => originalKey)).toEqual(heads);
    expect(to?.map(({ address }) => address)).toEqual(['d@north.example']);
    expectLine(subject, text);
    expectLine(to?.[0]?.name ?? '', text);
  });

  it('can be read again from its file, whatever the texts are', async () => {
    let n = 0;
    const anyText = fc.oneof(fc.string({ unit: 'binary', maxLength: 80 }), fc.constantFrom(...hostile));
    await fc.assert(
      fc.asyncProperty(anyText, anyText, anyText, async (name, subject, body) => {
        n += 1;
        const text = `${body
          .replace(/\p{Surrogate}/gu, '')
          .replace(/[\r\n]+/g, ' ')
          .replaceAll('\0', '')}.\n`;
        const file = await putMail(mailFolder, {
          ...{ ...mail, id: `m${n}`, to: { ...mail.to, name }, subject, text, html: text },
        });
        const found = await parsed(file);
        // An e-mail with a blank subject has no such line.
        const expected = heads.filter((head) => head !== 'Subject' || /[^\s\p{Cc}\p{Cf}]/u.test(subject));
        const names = found.headers.map(({ originalKey }) => originalKey);
        expect(names.filter((head) => head !== 'Subject' || expected.includes(head))).toEqual(expected);
        expect(found.to?.map(({ address }) => address)).toEqual(['d@north.example']);
        expect([found.text, found.html]).toEqual([text, text]);
        expectLine(found.subject ?? '', subject);
        expect(
          read(file)
            .toString()
            .split('\r\n')
            .every((line) => line.length <= 998 && !line.includes('\n')),
        ).toBe(true);
      }),
      tried(300),
    );
  });

  it('goes to one mailbox, or is refused', async () => {
    for (const address of [
      '',
      'a',
      'a@',
      '@b',
      'a@b, c@d',
      'a@b\nBcc: c@d',
      '<a@b>',
      'a b@c',
      'a@b\0',
      'a@-',
    ]) {
      expect([address, isMailbox(address)]).toEqual([address, false]);
      await expect(putMail(mailFolder, { ...mail, to: { ...mail.to, address } })).rejects.toThrow(
        'is not an e-mail address',
      );
    }
    for (const address of ["o'neil+fees@a.b-c.example", 'ada@localhost', 'ada@bücher.example'])
      expect([address, isMailbox(address)]).toEqual([address, true]);
  });

  it('has a file of its own for each id, even if file names ignore case', async () => {
    const ids = ['a/b', 'a-b', 'A/b', 'a//b', '../a', `${'x'.repeat(300)}1`, `${'x'.repeat(300)}2`];
    const names = await Promise.all(ids.map((id) => putMail(mailFolder, { ...mail, id })));
    expect(new Set(names.map((name) => name.toLowerCase())).size).toBe(ids.length);
    expect(files()).toEqual([...names].sort());
    const first = read(names[0] ?? '');
    await putMail(mailFolder, { ...mail, id: 'a/b', subject: 'Another' });
    expect(read(names[0] ?? '')).toEqual(first);
  });
});

describeWith(['python3'], "an e-mail as Python's parser reads it", () => {
  beforeEach(openSampleDesk);

  it('a mail is valid, has two parts in UTF-8 and quoted-printable, and has the texts of the library', async () => {
    await sendNotices();
    for (const text of hostile)
      await putMail(desk.outbox.folder, { ...mail, id: text, to: { ...mail.to, name: text }, subject: text });
    const names = files();
    const mails = await allMails();
    for (const [index, found] of readByPython(names).entries()) {
      const { subject, text, html } = mails[index] as (typeof mails)[number];
      expect(found).toMatchObject({
        ...{ defects: [], type: 'multipart/alternative', parts: ['text/plain', 'text/html'] },
        charsets: ['utf-8', 'utf-8'],
        ...{ text, html },
      });
      // What is ASCII in short lines needs no encoding.
      const encodings = [text, html].map((part) =>
        /[^\n\x20-\x7e]|.{77}/.test(part) ? 'quoted-printable' : '7bit',
      );
      expect(found.encodings).toEqual(encodings);
      const told = new Map(found.heads);
      expect([...told.keys()].filter((name) => name !== 'Auto-Submitted')).toEqual(heads);
      expect(told.get('Subject')?.trim()).toBe(subject?.trim());
      expect(told.get('To')).toMatch(/@[\w.]+>?$/);
    }
  });
});
