import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { institution } from '../../seals/sealedBooks.js';
import { sealedFiles } from '../../seals/sealedFiles.js';
import { fileOf, runInMemory, storedLines, threeEvents } from '../../support/commandLine.js';
import { temporaryFolder } from '../../support/temporaryFolder.js';

const database = () => `sqlite:${join(temporaryFolder(), 'fees.db')}`;

it('copies a file to a store, and back to the same file', async () => {
  const [to, lines] = [database(), storedLines(['u17', 'u18'])];
  const file = fileOf(lines);
  expect(await runInMemory(['copy', file, to])).toEqual({
    exitCode: 0,
    output: `6 events are in ${to}\n`,
    errors: '',
  });
  expect((await runInMemory(['export', to])).output).toBe(`${lines.join('\n')}\n`);
  // Again: nothing is written twice, and the rest is added.
  const more = fileOf([...lines, ...storedLines(['u19'])]);
  expect((await runInMemory(['copy', more, to])).output).toBe(`9 events are in ${to}\n`);
  expect(await runInMemory(['diff', more, to])).toMatchObject({ exitCode: 0 });
  const other = database();
  expect((await runInMemory(['copy', to, other])).exitCode).toBe(0);
  expect(await runInMemory(['diff', to, other])).toMatchObject({ exitCode: 0 });
  expect((await runInMemory(['copy', other, 'jsonl:-'])).output).toBe(
    (await runInMemory(['export', to])).output,
  );
});

it('stops at a line that cannot be read, and at events that differ', async () => {
  const [to, lines] = [database(), storedLines(['u17'])];
  const broken = await runInMemory(['copy', fileOf([...lines, '{']), to]);
  expect(broken.exitCode).toBe(2);
  expect(broken.errors).toContain(':4:2: expected JSON');
  await runInMemory(['copy', fileOf(lines), to]);
  const other = await runInMemory(['copy', fileOf(storedLines(['u17'], threeEvents('5.00'))), to]);
  expect(other.exitCode).toBe(2);
  expect(other.errors).toContain('north/u17');
});

it('stops at a line that cannot be read when it writes a file, too, and leaves none', async () => {
  const to = join(temporaryFolder(), 'out.jsonl');
  const broken = fileOf([...storedLines(['u17']), '{', ...storedLines(['u18'])]);
  const copied = await runInMemory(['copy', broken, `jsonl:${to}`]);
  expect(copied.exitCode).toBe(2);
  expect(copied.errors).toContain(':4:2: expected JSON');
  expect(existsSync(to)).toBe(false);
});

it('never treats the events of several patrons as those of one patron', async () => {
  const [to, lines] = [database(), fileOf(storedLines(['u17', 'u18']))];
  const one = ['--patron', 'u17'];
  for (const target of [to, 'jsonl:-']) {
    expect(await runInMemory(['copy', lines, target, ...one])).toMatchObject({
      exitCode: 2,
      output: '',
      errors: expect.stringContaining('a copy is of all patrons'),
    });
  }
  await runInMemory(['copy', lines, to]);
  const south = await runInMemory(['copy', to, database(), '--institution', 'south']);
  expect(south).toMatchObject({ exitCode: 2, errors: expect.stringContaining('a copy is of all patrons') });
});

it('counts the versions of each account where lines have none', async () => {
  const to = database();
  const lines = storedLines(['u17', 'u18']);
  const bare = lines.map((line) => JSON.stringify({ ...JSON.parse(line), version: undefined }));
  expect((await runInMemory(['copy', fileOf(bare), to])).exitCode).toBe(0);
  expect((await runInMemory(['export', to])).output).toBe(`${lines.join('\n')}\n`);
});

it('requires the patron of the events', async () => {
  const to = database();
  const bare = fileOf(threeEvents().map((event) => JSON.stringify(event)));
  expect((await runInMemory(['copy', bare, to])).errors).toContain('give --institution and --patron');
  const whose = ['--institution', 'north', '--patron', 'u17'];
  expect((await runInMemory(['copy', bare, to, ...whose])).exitCode).toBe(0);
  expect((await runInMemory(['diff', fileOf(storedLines(['u17'])), to])).exitCode).toBe(0);
});

it('creates nothing if the source is missing or the target is not a store', async () => {
  const to = database();
  expect((await runInMemory(['copy', '/nowhere.jsonl', to])).exitCode).toBe(2);
  expect(existsSync(to.slice('sqlite:'.length))).toBe(false);
  expect((await runInMemory(['copy', fileOf([]), 'fees.jsonl'])).errors).toContain(
    'expected a store, or jsonl:FILE',
  );
});

/** Returns the addresses of {@link sealedFiles}. */
async function sealedStores() {
  const { accounts, office, seals } = await sealedFiles();
  return { from: `sqlite:${accounts}`, office: `sqlite:${office}`, seals };
}

it('copies an office with its accounts, also after an interrupt, so that the seals prove the copy', async () => {
  const { from, office, seals } = await sealedStores();
  for (const stopsAt of [1, 2, 3, Number.POSITIVE_INFINITY]) {
    const [to, toOffice] = [database(), database()];
    const command = ['copy', from, to, '--office', office, '--to-office', toOffice];
    const stop = new AbortController();
    const { throwIfAborted } = stop.signal;
    let pages = 0;
    // Every page asks whether it is to stop.
    const signal = Object.assign(stop.signal, {
      throwIfAborted() {
        pages += 1;
        if (pages === stopsAt) stop.abort(new Error('stopped'));
        throwIfAborted.call(stop.signal);
      },
    });
    const first = await runInMemory(command, { signal });
    if (stopsAt !== Number.POSITIVE_INFINITY) expect(first.exitCode).not.toBe(0);
    const again = await runInMemory(command);
    expect(again).toMatchObject({ exitCode: 0, errors: '' });
    expect(again.output).toMatch(
      /^\d+ events are in sqlite:.+\n\d+ events of the office are in sqlite:.+\n$/,
    );
    const verified = await runInMemory([
      'verify',
      to,
      '--seals',
      seals,
      '--office',
      toOffice,
      '--institution',
      institution,
    ]);
    expect(verified).toMatchObject({
      exitCode: 0,
      output: expect.stringContaining(' and 3 seals, 0 findings'),
    });
  }
});

it('copies no office to a store of accounts, and none without its accounts', async () => {
  const { from, office } = await sealedStores();
  const [to, toOffice] = [database(), database()];
  const offices = ['--office', office, '--to-office', toOffice];
  for (const command of [
    ['copy', from, to, '--office', office],
    ['copy', from, to, '--to-office', toOffice],
    ['copy', from, 'jsonl:-', ...offices],
    ['copy', fileOf(storedLines(['u17'])), to, ...offices],
  ])
    expect(await runInMemory(command)).toMatchObject({
      exitCode: 2,
      output: '',
      errors: expect.stringContaining('beside two stores of accounts'),
    });
  expect([to, toOffice].some((address) => existsSync(address.slice('sqlite:'.length)))).toBe(false);
  const mixed = await runInMemory(['copy', from, to, '--office', office, '--to-office', to]);
  expect(mixed).toMatchObject({
    exitCode: 2,
    errors: expect.stringContaining('expected the store of an office'),
  });
  const swapped = await runInMemory(['copy', office, database(), '--office', from, '--to-office', toOffice]);
  expect(swapped.exitCode).toBe(2);
});
