// The promise of this library to everyone who stores its events: every later release folds the events of earlier ones to
// the same figures. A published log is never changed. If a test here fails, stored accounts would show other balances
// after an update. The events of pre-releases (v0.0.*) are the worked example of retired shapes.
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

  it('folds to its recorded figures', () => {
    expect(figures(account)).toEqual(JSON.parse(read(`${log}.figures.json`)));
  });

  it('folds to an account without violations', () => {
    expect(violations(account)).toEqual([]);
  });
});

describe.each(published)('the log $log', ({ log }) => {
  // If this fails, the shape of an event has changed: keep the old one in src/history/retiredShapes.ts.
  it('is encoded unchanged, unless its shapes were retired', () => {
    const events = decodeEvents(read(`${log}.ndjson`));
    expect(encodeEvents(events)).toBe(read(`${log}.ndjson`));
  });

  // If this fails, the reducer or the account's shape has changed: raise REDUCER_VERSION in src/history/snapshots.ts.
  it('has a snapshot that is either discarded or equal to its folded events', () => {
    const account = fold(decodeEvents(read(`${log}.ndjson`)));
    expect([undefined, account]).toContainEqual(decodeSnapshot(read(`${log}.snapshot.json`)));
  });
});

describe('the logs of this release', () => {
  const { version } = JSON.parse(readFileSync(`${root}package.json`, 'utf8'));

  it('contain every event type', () => {
    const written = logs
      .filter(({ release }) => release === `v${version}`)
      .flatMap(({ log }) => decodeEvents(read(`${log}.ndjson`)))
      .map(({ type }) => type);
    expect([...new Set(written)].sort()).toEqual(
      typesOfUnion(root, 'src/account/events/accountEvent.ts', 'AccountEvent').sort(),
    );
  });
});
