// The promise of this library to whoever stores its events: every later release folds what an earlier one wrote, and
// comes to the same figures. A log, once published, is never changed; a test here that fails means that stored accounts
// would show other balances after an update. The events of pre-releases (v0.0.*) are the worked example of shapes that
// were retired since.
import { readdirSync, readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';
import { decodeEvents, encodeEvents } from '../../src/history/codec.js';
import { decodeSnapshot } from '../../src/history/snapshots.js';
import { fold } from '../../src/index.js';
import { violations } from '../../src/testing/index.js';
import { typesOfUnion } from '../support/compiler.js';
import { figures } from '../support/figures.js';

const here = fileURLToPath(new URL('./', import.meta.url));
const root = fileURLToPath(new URL('../../', import.meta.url));

const read = (path: string) => readFileSync(`${here}${path}`, 'utf8');

const releases = readdirSync(here).filter((name) => name.startsWith('v'));

const logs = releases.flatMap((release) =>
  readdirSync(`${here}${release}`)
    .filter((name) => name.endsWith('.ndjson'))
    .map((name) => ({ release, log: `${release}/${name.replace('.ndjson', '')}` })),
);

const published = logs.filter(({ release }) => !release.startsWith('v0.0.'));

describe.each(logs)('the log $log', ({ log }) => {
  const account = fold(decodeEvents(read(`${log}.ndjson`)));

  it('folds to the figures that it was written with', () => {
    expect(figures(account)).toEqual(JSON.parse(read(`${log}.figures.json`)));
  });

  it('folds to an account in which every sum is right', () => {
    expect(violations(account)).toEqual([]);
  });
});

describe.each(published)('the log $log', ({ log }) => {
  // When this fails, an event has another shape than before: keep the old one in src/history/retiredShapes.ts.
  it('would be written in the same way today, unless its shapes were retired', () => {
    const events = decodeEvents(read(`${log}.ndjson`));
    expect(encodeEvents(events)).toBe(read(`${log}.ndjson`));
  });

  // When this fails, the reducer or the account's shape has changed: raise REDUCER_VERSION in src/history/snapshots.ts.
  it('has a snapshot that is either discarded or exactly what its events fold to', () => {
    const account = fold(decodeEvents(read(`${log}.ndjson`)));
    expect([undefined, account]).toContainEqual(decodeSnapshot(read(`${log}.snapshot.json`)));
  });
});

describe('the logs of this release', () => {
  const { version } = JSON.parse(readFileSync(`${root}package.json`, 'utf8'));

  it('hold every event that there is', () => {
    const written = logs
      .filter(({ release }) => release === `v${version}`)
      .flatMap(({ log }) => decodeEvents(read(`${log}.ndjson`)))
      .map(({ type }) => type);
    expect([...new Set(written)].sort()).toEqual(
      typesOfUnion(root, 'src/account/events.ts', 'AccountEvent').sort(),
    );
  });
});
