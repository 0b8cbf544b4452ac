// One of the processes around a rebuild: node rebuildProgram.mjs ROLE PLACE ACCOUNTS. `rebuild` waits for a line after each
// page; `append` and `query` work until they are killed. Each writes a line of JSON for what it has done.
import { readSync, writeSync } from 'node:fs';
import { setTimeout as pause } from 'node:timers/promises';
import { assessedFee } from './assessedFee.js';
import { isHot, openRebuilt, patronOf, TRUE_AMOUNT, WRONG_AMOUNT } from './rebuiltTable.js';

const [role, place = '', count = ''] = process.argv.slice(2);
const accounts = Number(count);
const { store, find, rebuild, rows } = await openRebuilt(JSON.parse(place));
const say = (done: object) => writeSync(1, `${JSON.stringify(done)}\n`);

async function append(): Promise<void> {
  for (let n = 0; ; n++) {
    const patronId = n % 7 === 0 ? `new${n}` : patronOf((n * 100) % accounts);
    const events = [assessedFee(`f-${n}`)];
    await store.append({ institution: 'north', patronId }, events, { expectedVersion: 'any' });
    say({ appended: n + 1 });
    await pause(2);
  }
}

const form = { institution: 'north', currency: 'USD' };

/** Which build an account is of: the rows in use were made wrong; null for those that have changed since. */
function isNewBuild(patronId: string, owed: string, payable: string): boolean | null {
  if (isHot(patronId)) return null;
  if (owed === TRUE_AMOUNT && payable === TRUE_AMOUNT) return true;
  if (owed === WRONG_AMOUNT && payable === WRONG_AMOUNT) return false;
  throw new Error(`${patronId} owes ${owed}, and ${payable} is payable`);
}

async function pageAfter(start: number): Promise<readonly (boolean | null)[]> {
  const after = JSON.stringify([patronOf(start)]);
  const found = (await find({ ...form, order: 'patron', after, limit: 150 })).accounts;
  const expected = Array.from({ length: Math.min(150, accounts - 1 - start) }, (_, n) =>
    patronOf(start + 1 + n),
  );
  const ids = found.map(({ patronId }) => patronId).filter((id) => !id.startsWith('new'));
  if (ids.join() !== expected.join()) throw new Error(`${ids.length} accounts after ${start}`);
  return found.map(({ patronId, owed, payable }) => isNewBuild(patronId, owed, payable));
}

async function most(): Promise<readonly (boolean | null)[]> {
  const found = (await find({ ...form, owner: 'MAIN' })).accounts;
  return found.map(({ patronId, owed, payable }) => isNewBuild(patronId, owed, payable));
}

/** A query of the user's own, on the view. */
async function sums(): Promise<readonly (boolean | null)[]> {
  const [row] = await rows(`select count(*) as n, min(owed) as least, max(owed) as most from patron_fees_owed
    where institution = 'north' and fee_type = '' and owner = '' and patron_id like 'p%' and patron_id not like '%00'`);
  const { n, least, most: greatest } = row as Record<string, unknown>;
  if (Number(n) !== accounts - accounts / 100 || Number(least) !== Number(greatest)) {
    throw new Error(`${n} accounts owe from ${least} to ${greatest}`);
  }
  return [Number(least) === 250];
}

async function query(): Promise<void> {
  let isNew = false;
  for (let queries = 1; ; queries++) {
    const ask = queries % 50 === 0 ? sums : queries % 5 === 0 ? most : pageAfter;
    const builds = new Set((await ask((queries * 7_919) % (accounts - 1))).filter((build) => build !== null));
    if (builds.size > 1) throw new Error('an answer from two builds');
    for (const build of builds) {
      if (isNew && !build) throw new Error('an answer of the earlier build after one of the later');
      isNew = build;
    }
    say({ queries, isNew });
  }
}

if (role === 'rebuild') {
  say(
    await rebuild({
      onProgress: (progress) => {
        say(progress);
        readSync(0, new Uint8Array(1));
      },
    }),
  );
  process.exit();
}
await (role === 'append' ? append() : query());
