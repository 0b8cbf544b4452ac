import { createHash } from 'node:crypto';
import { readdirSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { definePolicy } from 'patron-fees';
import { type KnownSealFinding, type PeriodSealed, sealPeriod } from 'patron-fees/closing';
import { execute, type RecordedEvent } from 'patron-fees/history';
import { describe, expect, it } from 'vitest';
import { sealedSums } from '../../src/seals/sealedSums.js';
import { keyOfStream, textOfLine } from '../../src/seals/sealFile.js';
import {
  finishFile,
  mergeParts,
  readParts,
  sealedLine,
  usedKnown,
  writePart,
} from '../../src/seals/sealPeriod.js';
import { temporaryFolder } from '../support/temporaryFolder.js';
import {
  after,
  type Books,
  emptyBooks,
  explained,
  found,
  institution,
  policy,
  record,
  seal,
  sealed,
  sealedAsKnown,
  timeZone,
  verify,
} from './sealedBooks.js';

const fee = { type: 'AssessFee', feeType: 'OTHER', amount: '5', owner: 'MAIN' } as const;

describe('sealPeriod', () => {
  it('writes a sorted file whose SHA-256 is the total, and verifySeals finds nothing', async () => {
    const books = emptyBooks();
    const seals: PeriodSealed['data'][] = [];
    await record(books, { seed: 7, count: 12 }, async (month) => seals.push(await sealed(books, month)));
    expect(seals).toHaveLength(3);
    expect(readdirSync(books.folder).sort()).toEqual([
      'seal-00001.ndjson',
      'seal-00002.ndjson',
      'seal-00003.ndjson',
    ]);
    for (const [index, name] of readdirSync(books.folder).sort().entries()) {
      const text = readFileSync(join(books.folder, name));
      expect(createHash('sha256').update(text).digest('hex')).toBe(seals[index]?.total);
      const lines = text.toString('utf8').split('\n');
      expect(lines.pop()).toBe('');
      const bytes = lines.map((line) => Buffer.from(line));
      expect([...bytes].sort(Buffer.compare)).toEqual(bytes);
      const [head, ...streams] = lines.map((line) => JSON.parse(line));
      expect(head).toMatchObject({ institution, number: index + 1, rule: '1', known: [] });
      expect(streams.filter(({ kind }) => kind === 'account')).toHaveLength(head.accounts);
      expect(streams.filter(({ kind }) => kind === 'office')).toHaveLength(head.officeStreams);
    }
    expect(await found(books)).toEqual([]);
    const { seals: number, readFrom, newest, sums } = await verify(books);
    expect([number, readFrom, newest?.total]).toEqual([3, 1, seals[2]?.total]);
    expect(sums.map(({ balances }) => balances)).toEqual(seals.map((one) => one.sums));
  });

  it('does nothing for the same month again, and refuses an earlier month and an early time', async () => {
    const books = emptyBooks();
    const patron = { institution, patronId: 'p' };
    await execute(books.stores.accounts, policy, patron, { ...fee, id: 'f', at: books.clock.now });
    expect(await seal(books, '2026-01', { at: '2026-02-01T05:14:59Z' })).toMatchObject({
      accepted: false,
      rejection: { type: 'SealTooEarly', sealableFrom: '2026-02-01T05:15:00.000Z' },
      report: { seal: null },
    });
    const first = await sealed(books, '2026-01', { at: '2026-02-01T05:15:00Z', jobId: 'january' });
    expect(first).toMatchObject({
      number: 1,
      previous: null,
      cutoff: '2026-02-01T05:00:00.000Z',
      accounts: 1,
    });
    expect(await seal(books, '2026-01')).toMatchObject({
      accepted: true,
      report: { seal: first, isRepeat: true },
    });
    expect(await seal(books, '2026-01', { basis: 'cash' })).toMatchObject({
      accepted: false,
      rejection: { type: 'SealTermsDiffer', basis: 'accrual' },
      report: { seal: null },
    });
    expect(await seal(books, '2025-12')).toMatchObject({ rejection: { type: 'SealNotAfterLast' } });
    expect(await seal(books, '2026-02', { basis: 'cash' })).toMatchObject({
      rejection: {
        type: 'SealTermsDiffer',
        basis: 'accrual',
        timeZone: 'America/New_York',
        lostItems: 'gross',
      },
    });
    expect(await sealed(books, '2026-02')).toMatchObject({ number: 2, previous: first.total, events: 2 });
  });

  it('refuses books that differ from the previous seal, unless the difference is known; every later report lists it', async () => {
    const books = emptyBooks();
    const patron = { institution, patronId: 'p' };
    await execute(books.stores.accounts, policy, patron, { ...fee, id: 'f', at: books.clock.now });
    const slow = '2026-01-31T20:00:00Z';
    await sealed(books, '2026-01');
    // A slow clock: recorded before the cutoff, and after the seal was made.
    books.clock.now = slow;
    await execute(books.stores.accounts, policy, patron, { ...fee, id: 'g', at: books.clock.now });
    const finding = {
      code: 'EVENT_ADDED',
      institution,
      patronId: 'p',
      version: 2,
      seal: 1,
      knownSince: null,
    };
    expect((await verify(books)).findings.first).toMatchObject([finding]);
    expect(await seal(books, '2026-02')).toMatchObject({
      accepted: false,
      rejection: { type: 'BooksDiffer', seal: 1, findings: { count: 1, first: [finding] } },
    });
    const [known] = explained((await verify(books)).findings.first) as [KnownSealFinding];
    for (const other of [{ version: 9 }, { digest: 'e' }, { seal: 2 }])
      expect(await seal(books, '2026-02', { known: [{ ...known, ...other }] })).toMatchObject({
        rejection: { type: 'BooksDiffer' },
      });
    const others = [known, { ...known, version: 9 }];
    expect(await sealed(books, '2026-02', { known: others })).toMatchObject({ number: 2, known: 1 });
    expect((await verify(books)).findings.first).toMatchObject([{ ...finding, knownSince: 2 }]);
    expect((await verify(books)).known).toEqual([{ ...known, since: 2 }]);
    expect(await sealed(books, '2026-03')).toMatchObject({ number: 3, known: 0 });
    // Another event under an old time is not known.
    books.clock.now = slow;
    await execute(books.stores.accounts, policy, patron, { ...fee, id: 'h', at: books.clock.now });
    expect(await found(books)).toEqual(['EVENT_ADDED p 2 1', 'EVENT_ADDED p 3 2']);
  });

  it('needs another user who approves known differences, if the policy says so', async () => {
    const books = emptyBooks();
    const patron = { institution, patronId: 'p' };
    await execute(books.stores.accounts, policy, patron, { ...fee, id: 'f', at: books.clock.now });
    await sealed(books, '2026-01');
    books.clock.now = '2026-01-31T20:00:00Z';
    await execute(books.stores.accounts, policy, patron, { ...fee, id: 'g', at: books.clock.now });
    const [finding] = (await verify(books)).findings.first;
    const known = [{ ...(finding as object), by: 'ana', why: 'restored' }];
    const approvals = { SealKnown: { roles: ['HEAD'] } };
    const strict = definePolicy({ currency: 'USD', approvals });
    const month = { institution, month: '2026-02', timeZone, at: '2026-03-01T12:00:00Z', known };
    const by = { channel: 'desk', userId: 'mo' } as const;
    books.clock.now = month.at;
    const tried = (form: object) =>
      sealPeriod(books.stores, strict, { ...month, ...form } as never, { folder: books.folder });
    const head = { userId: 'di', roles: ['HEAD'] };
    const rejection = {
      type: 'ApprovalRequired',
      kind: 'forbidden',
      commandType: 'SealKnown',
      roles: ['HEAD'],
    };
    for (const form of [
      { by },
      { approvedBy: head },
      { by, approvedBy: { ...head, roles: [] } },
      { by, approvedBy: { ...head, userId: 'MO' } },
      { by, approvedBy: { ...head, userId: 'Ana ' } },
    ])
      expect(await tried(form)).toMatchObject({ accepted: false, rejection });
    const { accepted, report } = await tried({ by, approvedBy: head });
    expect([accepted, report.seal?.approvedBy]).toEqual([true, { userId: 'di' }]);
  });

  it('refuses the same month again once the books differ from its seal, unless the difference is known', async () => {
    const books = emptyBooks();
    const patron = { institution, patronId: 'p' };
    await execute(books.stores.accounts, policy, patron, { ...fee, id: 'f', at: books.clock.now });
    const first = await sealed(books, '2026-01');
    // A slow clock, and another one a month later: each month is refused for what was put into it.
    for (const [id, now] of Object.entries({ g: '2026-01-31T20:00:00Z', h: '2026-02-28T20:00:00Z' })) {
      if (id === 'h') {
        await sealedAsKnown(books, '2026-02');
      }
      books.clock.now = now;
      await execute(books.stores.accounts, policy, patron, { ...fee, id, at: now });
    }
    const all = explained((await verify(books)).findings.first);
    const again = (month: string, version: number) =>
      seal(books, month, { known: all.filter((one) => one.version === version) });
    for (const [number, month] of ['2026-01', '2026-02'].entries()) {
      const version = number + 2;
      expect(await seal(books, month)).toMatchObject({
        accepted: false,
        rejection: {
          ...{ type: 'BooksDiffer', seal: number + 1 },
          findings: { count: 1, first: [{ code: 'EVENT_ADDED', version, seal: number + 1 }] },
        },
        report: { seal: null, isRepeat: true },
      });
      expect(await again(month, version)).toMatchObject({ accepted: true, report: { isRepeat: true } });
      expect(await again(month, 9)).toMatchObject({ accepted: false });
    }
    expect((await again('2026-01', 2)).report).toMatchObject({ seal: first, findings: { count: 1 } });
  });

  it('accepts the same month again with what its seal lists as known', async () => {
    const books = emptyBooks();
    const patron = { institution, patronId: 'p' };
    await execute(books.stores.accounts, policy, patron, { ...fee, id: 'f', at: books.clock.now });
    const { accounts } = books.stores;
    const read: typeof accounts.read = async (stream, options) => {
      const slice = await accounts.read(stream, options);
      return { ...slice, events: slice.events.map((one) => ({ ...one, version: one.version + 1 })) };
    };
    const broken = { ...books, stores: { ...books.stores, accounts: { ...accounts, read } } };
    await sealedAsKnown(broken, '2026-01');
    expect(await seal(broken, '2026-01')).toMatchObject({ accepted: true, report: { isRepeat: true } });
    // The account is restored: nothing of it was sealed.
    expect(await seal(books, '2026-01')).toMatchObject({
      accepted: true,
      report: { findings: { count: 0 } },
    });
  });

  it('reports a second change of an event whose first change is known', async () => {
    const books = emptyBooks();
    await record(books, { seed: 7, count: 6 }, (month) => sealed(books, month));
    const { accounts } = books.stores;
    const [row] = (await accounts.read({ institution, patronId: 'p0' })).events as [RecordedEvent];
    /** The books after a hand has changed the first event of an account. */
    const changed = (change: object): Books => {
      const read: typeof accounts.read = async (stream, options) => {
        const slice = await accounts.read(stream, options);
        if (stream.patronId !== 'p0') return slice;
        const { event } = row;
        const one = { ...row, event: { ...event, data: { ...event.data, ...change } } as typeof event };
        return { ...slice, events: slice.events.map((each) => (each.version === 1 ? one : each)) };
      };
      return { ...books, stores: { ...books.stores, accounts: { ...accounts, read } } };
    };
    const by = { channel: 'desk', userId: 'other' };
    const at = '2020-01-01T00:00:00Z';
    await sealedAsKnown(changed({ by }), '2026-04');
    const report = async (hand: Books) =>
      (await verify(hand)).findings.first.map(({ seal: number, version, knownSince }) => [
        number,
        version,
        knownSince,
      ]);
    expect(await report(changed({ by }))).toEqual([[2, 1, 4]]);
    // The same event again, or what was there before: neither is what was explained.
    for (const hand of [changed({ by, at }), changed({ by: { ...by, userId: 'third' } })])
      expect(await report(hand)).toEqual([
        [2, 1, null],
        [4, 1, null],
      ]);
    expect(await report(books)).toEqual([[4, 1, null]]);
    expect(await seal(changed({ by, at }), '2026-05')).toMatchObject({ rejection: { type: 'BooksDiffer' } });
    expect(await sealed(changed({ by }), '2026-05')).toMatchObject({ number: 5, known: 0 });
    // What was made known is told for ever, also without the file that shows it, and stays explained.
    for (const number of [1, 2]) rmSync(join(books.folder, `seal-0000${number}.ndjson`));
    const { known, findings } = await verify(changed({ by }));
    expect(known).toMatchObject([{ code: 'EVENT_CHANGED', patronId: 'p0', version: 1, seal: 2, since: 4 }]);
    expect(findings.first).toMatchObject([{ seal: 3, version: null, knownSince: 4 }]);
    expect(await sealed(changed({ by }), '2026-06')).toMatchObject({ number: 6, known: 0 });
    expect((await verify(changed({ by, at }))).findings.first).toMatchObject([
      { seal: 3, version: null, knownSince: null },
      { seal: 4, version: 1, knownSince: null },
    ]);
  });

  it('refuses a folder with the file of a seal that the office does not know, as after a restore', async () => {
    const books = emptyBooks();
    await record(books, { seed: 7, count: 3 }, (month) => sealed(books, month));
    const { events } = await books.stores.office.read({ institution, stream: 'seals:' });
    const { office } = emptyBooks().stores;
    const before = events.slice(0, 2).map(({ event }) => event);
    await office.append({ institution, stream: 'seals:' }, before, { expectedVersion: 0 });
    const restored = { ...books, stores: { ...books.stores, office } };
    const name = 'seal-00003.ndjson';
    const text = readFileSync(join(books.folder, name), 'utf8');
    const total = createHash('sha256').update(text).digest('hex');
    const rejection = { type: 'SealFileExists', kind: 'conflict', number: 3, total };
    for (const known of [[], explained((await verify(restored)).findings.first)])
      expect(await seal(restored, '2026-03', { known })).toMatchObject({ accepted: false, rejection });
    expect(readFileSync(join(books.folder, name), 'utf8')).toBe(text);
    expect((await office.read({ institution, stream: 'seals:' })).version).toBe(2);
    // Moved aside, it is compared with the file that is made again.
    renameSync(join(books.folder, name), join(books.folder, `before-the-restore-${name}`));
    rmSync(join(books.folder, 'seal-00001.ndjson'));
    expect(await seal(restored, '2026-03')).toMatchObject({ rejection: { type: 'BooksDiffer' } });
  });

  it('finishes a seal whose file was not renamed, and verifySeals reads it meanwhile', async () => {
    const books = emptyBooks();
    const { total } = await sealed(books, '2026-01');
    const file = join(books.folder, 'seal-00001.ndjson');
    renameSync(file, `${file}.${total.slice(0, 16)}`);
    expect(await found(books)).toEqual([]);
    expect(await seal(books, '2026-01')).toMatchObject({ report: { isRepeat: true } });
    expect(readdirSync(books.folder)).toEqual(['seal-00001.ndjson']);
    rmSync(file);
    const known = explained((await verify(books)).findings.first);
    for (const month of ['2026-01', '2026-02']) {
      const refused = await seal(books, '2026-01');
      expect(refused).toMatchObject({ rejection: { type: 'BooksDiffer', seal: 1 } });
      expect(refused.report.findings.byCode).toEqual({ SEAL_CHANGED: 1 });
      expect(await found(books)).toEqual(month === '2026-01' ? ['SEAL_CHANGED seals: 1 1'] : []);
      // Nothing is compared: the file is gone.
      await sealed(books, month, { known });
      await sealed(books, '2026-02', { known });
    }
  });

  it('makes the same seal in shares, in any order, as in one run', async () => {
    const [whole, shared] = [emptyBooks(), emptyBooks()];
    const seals: unknown[] = [];
    await record(whole, { seed: 3, count: 9 }, (month) => sealed(whole, month));
    await record(shared, { seed: 3, count: 9 }, async (month) => {
      for (const index of [2, 0, 2, 1]) {
        const { report } = await seal(shared, month, {}, { shard: { index, of: 3 } });
        seals.push(report.seal);
      }
    });
    expect(seals.map((one) => one === null)).toEqual([
      true,
      true,
      true,
      false,
      true,
      true,
      true,
      false,
      true,
      true,
      true,
      false,
    ]);
    for (const name of readdirSync(whole.folder)) {
      expect(readFileSync(join(shared.folder, name), 'utf8')).toBe(
        readFileSync(join(whole.folder, name), 'utf8'),
      );
    }
    expect(readdirSync(shared.folder)).toHaveLength(3);
    const shares = await Promise.all(
      [0, 1, 2].map((index) => verify(shared, {}, { shard: { index, of: 3 } })),
    );
    expect(shares.map(({ findings }) => findings.count)).toEqual([0, 0, 0]);
    const { streams, events } = await verify(whole);
    const sum = (which: (one: (typeof shares)[number]) => number) =>
      shares.reduce((all, one) => all + which(one), 0);
    expect([sum((one) => one.streams), sum((one) => one.events)]).toEqual([streams, events]);
  });

  it('makes one seal in two simultaneous runs that both complete the parts', async () => {
    const books = emptyBooks();
    await record(books, { seed: 3, count: 3 }, async () => undefined);
    await seal(books, '2026-01', {}, { shard: { index: 0, of: 2 } });
    const { office } = books.stores;
    const shard = { index: 1, of: 2 };
    let isFirst = true;
    const late: typeof office.read = async (stream, options) => {
      const slice = await office.read(stream, options);
      if (!isFirst || stream.stream !== 'seals:') return slice;
      isFirst = false;
      // Another run seals the month right after this one has read that nobody did.
      await seal(books, '2026-01', {}, { shard });
      return slice;
    };
    const stores = { ...books.stores, office: { ...office, read: late } };
    expect(await seal({ ...books, stores }, '2026-01', {}, { shard })).toMatchObject({
      accepted: true,
      report: { seal: { number: 1 } },
    });
    expect((await office.read({ institution, stream: 'seals:' })).version).toBe(1);
    expect(readdirSync(books.folder)).toEqual(['seal-00001.ndjson']);
  });

  it('lets the caller sign the seal, and the signature is verified', async () => {
    const books = emptyBooks();
    const sign = async (total: string) => `signed ${total}`;
    const { report } = await seal(books, '2026-01', {}, { sign });
    expect(report.seal?.signature).toBe(`signed ${report.seal?.total}`);
    const valid = (total: string, signature?: string) => signature === `signed ${total}`;
    expect((await verify(books, {}, { verifySignature: valid })).findings.count).toBe(0);
    const wrong = await verify(books, {}, { verifySignature: async () => false });
    expect(wrong.findings.byCode).toEqual({ SEAL_CHANGED: 1 });
  });

  it('verifySeals compares a total that is known from elsewhere', async () => {
    const books = emptyBooks();
    const { number, total } = await sealed(books, '2026-01');
    expect(await found(books, { anchor: { number, total } })).toEqual([]);
    expect(await found(books, { anchor: { number, total: 'a'.repeat(64) } })).toEqual([
      'SEAL_CHANGED seals: 1 1',
    ]);
    expect(await found(books, { anchor: { number: 2, total } })).toEqual(['SEAL_CHANGED seals: null 2']);
  });

  it('verifySeals reports the first seal that it could read, if older files are gone', async () => {
    const books = emptyBooks();
    await record(books, { seed: 5, count: 6 }, (month) => sealed(books, month));
    rmSync(join(books.folder, 'seal-00001.ndjson'));
    expect(await verify(books)).toMatchObject({ seals: 3, readFrom: 2, findings: { count: 0 } });
    rmSync(join(books.folder, 'seal-00003.ndjson'));
    expect(await found(books)).toEqual(['SEAL_CHANGED seals: 3 3']);
    expect(after('2026-03')).toBe('2026-04-01T12:00:00.000Z');
  });
});

const figures = {
  accounts: 1,
  officeStreams: 0,
  events: 1,
  previous: null,
  cutoff: 'c',
  sums: [],
  findings: [],
};
const lineOf = (id: string) =>
  `${textOfLine({ kind: 'account', id, version: 1, digest: 'a', open: false, leaves: 'b' })}\n`;

async function write(folder: string, index: number, ids: readonly string[]): Promise<void> {
  async function* lines() {
    yield* ids.map(lineOf);
  }
  await writePart(folder, { number: 1, index, of: 2 }, lines, () => figures);
}

describe('the parts of a seal', () => {
  it('are merged and removed once all of them exist', async () => {
    const folder = temporaryFolder();
    const read = () => readParts(folder, { number: 1, of: 2 }, figures);
    await write(folder, 1, ['b', 'd']);
    expect(await read()).toBeNull();
    await write(folder, 0, ['a', 'c']);
    expect(await read()).toHaveLength(2);
    expect(await readParts(folder, { number: 1, of: 2 }, { ...figures, previous: 'other' })).toBeNull();
    const total = await mergeParts(folder, { number: 1, of: 2 }, { institution: 'north' } as never);
    const file = join(folder, `seal-00001.ndjson.${total.slice(0, 16)}`);
    expect(readFileSync(file, 'utf8')).toBe(
      `{"institution":"north"}\n${['a', 'b', 'c', 'd'].map(lineOf).join('')}`,
    );
    writeFileSync(join(folder, 'seal-00002.ndjson'), '');
    expect(await finishFile(folder, { number: 1, total } as never)).toBe(true);
    expect(readdirSync(folder).sort()).toEqual(['seal-00001.ndjson', 'seal-00002.ndjson']);
  });

  it('list the known differences that were found', () => {
    const place = { code: 'EVENT_ADDED', patronId: 'p', version: 2, seal: 1, digest: 'd' } as const;
    const known = { ...place, by: 'mo', why: 'clock' };
    const finding = { ...place, institution: 'north', knownSince: null, message: '' };
    const others = [{ version: 3 }, { seal: 2 }, { digest: 'e' }].map((other) => ({ ...known, ...other }));
    expect(usedKnown([known, ...others], [finding, finding], 2)).toEqual([known]);
  });

  it('list balances of earlier seals, which only verifySeals compares', () => {
    const sums = { code: 'JOURNAL_DIFFERS', stream: 'seals:', version: null, digest: 'd' } as const;
    const entries = [1, 2].map((seal) => ({ ...sums, seal, by: 'mo', why: 'a purge' }));
    expect(usedKnown(entries, [], 2)).toEqual(entries.slice(0, 1));
  });
});

const at = '2026-03-02T09:00:00Z';
const data = { feeId: 'f', feeType: 'OTHER', amount: '5.00', currency: 'USD', owner: 'MAIN', at };

describe('the line of a stream', () => {
  it('has the events recorded before the cutoff, and their sums', async () => {
    const { stores, clock } = emptyBooks();
    const stream = { institution, patronId: 'p' };
    for (const [index, feeId] of ['f', 'g', 'h'].entries()) {
      clock.now = `2026-0${index + 1}-05T09:00:00Z`;
      await stores.accounts.append(stream, [{ type: 'FeeAssessed', data: { ...data, feeId } }], {
        expectedVersion: index,
      });
    }
    const both = { store: stores.accounts, office: stores.office };
    const one = { key: keyOfStream(stream), kind: 'account', stream, seals: [] } as const;
    const lineAt = async (cutoff: string) => {
      const tally = sealedSums(1);
      const { line, events } = await sealedLine(both, one, [], { cutoff, month: cutoff.slice(0, 7) }, tally);
      return { line: line?.(false), events, sums: tally.result()[0]?.map(({ amount }) => amount) };
    };
    expect(await lineAt('2026-01-01T00:00:00Z')).toEqual({ line: undefined, events: 0, sums: [] });
    expect(await lineAt('2026-03-01T00:00:00Z')).toMatchObject({
      line: {
        kind: 'account',
        id: 'p',
        version: 2,
        open: true,
        leaves: expect.stringMatching(/^[0-9a-f]{16}$/),
      },
      events: 2,
      sums: ['10.00', '-10.00'],
    });
  });
});
