import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { evolve } from '../../src/account/evolve.js';
import { decodeSnapshot, encodeSnapshot, saveSnapshot } from '../../src/history/snapshots.js';
import { emptyAccount, findFee, fold, isPatronFeesError } from '../../src/index.js';
import { goldenLogs } from '../support/goldenEvents.js';
import { tried } from '../support/seeded.js';
import { memorySnapshots, stream } from '../support/stores.js';
import { anyPolicy, eventsOf, moves, runMoves } from '../support/stories.js';

const hostile = fold(goldenLogs.get('names-that-hurt') ?? []);

const { reducerVersion } = JSON.parse(encodeSnapshot(hostile));

const damaged = expect.objectContaining({ code: 'INVALID_SNAPSHOT' });

describe('a snapshot', () => {
  it('restores the account', () => {
    for (const log of goldenLogs.values()) {
      const account = fold(log);
      expect(decodeSnapshot(encodeSnapshot(account))).toEqual(account);
    }
    expect(decodeSnapshot(encodeSnapshot(emptyAccount()))).toEqual(emptyAccount());
  });

  it('keeps ids such as "__proto__", "constructor" and "17", and the order of the fees', () => {
    const account = decodeSnapshot(encodeSnapshot(hostile)) ?? emptyAccount();
    expect(account.fees.map(({ feeId }) => feeId)).toEqual(['17', '__proto__', 'constructor', '2']);
    expect(findFee(account, '__proto__')).toEqual(findFee(hostile, '__proto__'));
    expect(findFee(account, 'toString')).toBeUndefined();
    expect(findFee(account, 'valueOf')).toBeUndefined();
    expect(() => fold((goldenLogs.get('names-that-hurt') ?? []).slice(1, 2), account)).toThrow('IdUsedTwice');
  });

  it('is read in any order of its keys', () => {
    const { digest, account } = JSON.parse(encodeSnapshot(hostile));
    const reordered = Object.fromEntries(Object.entries(account).reverse());
    expect(decodeSnapshot(JSON.stringify({ account: reordered, digest, reducerVersion }))).toEqual(hostile);
  });

  it('is the same for an immutable account and a live one', () => {
    const log = goldenLogs.get('yen') ?? [];
    const evolved = log.reduce(evolve, emptyAccount());
    expect(encodeSnapshot(evolved)).toBe(encodeSnapshot(fold(log)));
  });

  it.each([0, 1, 99])('of reducer %i is discarded, whatever its content', (otherVersion) => {
    const other = { ...JSON.parse(encodeSnapshot(hostile)), reducerVersion: otherVersion };
    expect(decodeSnapshot(JSON.stringify(other))).toBeUndefined();
    expect(decodeSnapshot(JSON.stringify({ reducerVersion: otherVersion, account: null }))).toBeUndefined();
  });

  it('is refused for an invalid account', () => {
    for (const account of [undefined, null, {}, [], 'account']) {
      expect(() => encodeSnapshot(account as never)).toThrow(
        expect.objectContaining({ code: 'INVALID_ACCOUNT' }),
      );
    }
  });

  it.each([
    ['nothing', undefined],
    ['a number', 1],
    ['an empty text', ''],
    ['no JSON', '{'],
    ['JSON null', 'null'],
    ['an empty object', '{}'],
    ['a list', '[1]'],
    ['no version', JSON.stringify({ account: hostile })],
    ['a version that is not a number', JSON.stringify({ reducerVersion: '1', account: hostile })],
    ['no account', `{"reducerVersion":${reducerVersion},"digest":"0000000000000000"}`],
    [
      'an account of another shape, with its digest',
      `{"reducerVersion":${reducerVersion},"digest":"","account":{}}`,
    ],
    [
      'ten thousand levels',
      `{"reducerVersion":${reducerVersion},"account":${'['.repeat(10_000)}${']'.repeat(10_000)}}`,
    ],
  ])('that is %s is damaged', (_, text) => {
    expect(() => decodeSnapshot(text as string)).toThrow(damaged);
  });

  it('is either the account or damaged if any part of its text is lost or changed', () => {
    const text = encodeSnapshot(hostile);
    const place = fc.nat(text.length - 1);
    fc.assert(
      fc.property(place, fc.nat(20), fc.string({ maxLength: 3 }), (at, length, inserted) => {
        const changed = text.slice(0, at) + inserted + text.slice(at + length);
        try {
          const account = decodeSnapshot(changed);
          if (account !== undefined) expect(account).toEqual(hostile);
          else expect(changed).not.toContain(`"reducerVersion":${reducerVersion},`);
        } catch (error) {
          expect(isPatronFeesError(error, 'INVALID_SNAPSHOT') || error).toBe(true);
        }
      }),
      tried(2000),
    );
  });
});

describe('folding', () => {
  it('from a snapshot on has the same result as folding everything, wherever the snapshot was taken', () => {
    fc.assert(
      fc.property(moves(15), anyPolicy, fc.nat(), (story, policy, pick) => {
        const events = eventsOf(runMoves(story, policy));
        const cut = pick % (events.length + 1);
        const head = decodeSnapshot(encodeSnapshot(fold(events.slice(0, cut))));
        expect(head?.eventCount).toBe(cut);
        expect(fold(events.slice(cut), head)).toEqual(fold(events));
        expect(events.slice(cut).reduce(evolve, head ?? emptyAccount())).toEqual(fold(events));
      }),
      tried(1000),
    );
  });
});

describe('saveSnapshot', () => {
  it('saves the text for the next load', async () => {
    const snapshots = memorySnapshots();
    await saveSnapshot(snapshots, stream, hostile);
    expect(decodeSnapshot((await snapshots.load(stream)) ?? '')).toEqual(hostile);
  });

  it('refuses an invalid account', async () => {
    const snapshots = memorySnapshots();
    await expect(saveSnapshot(snapshots, stream, {} as never)).rejects.toMatchObject({
      code: 'INVALID_ACCOUNT',
    });
    expect(await snapshots.load(stream)).toBeUndefined();
  });
});
