import assert from 'node:assert/strict';
import {
  assessed,
  type CapabilityClause,
  everything,
  fees,
  north,
  refused,
  type StoreUnderTest,
  settled,
} from './clause.js';

/** The fee id for which the inline projection of a store under test fails. */
const REFUSED = 'refuse this';

/** The clauses on a projection that is applied in the transaction of every append. */
export function inlineCases(writers: number): readonly CapabilityClause[] {
  return [
    [
      'applies an inline projection to the events of every append, with their versions',
      async (opened) => {
        const { store, second = store } = opened;
        await store.append(north, fees(2), { expectedVersion: 0 });
        await second.append(north, [assessed('f3')], { expectedVersion: 'any' });
        await store.append(north, [], { expectedVersion: 3 });
        assert.deepEqual(await projected(opened), ['p1 1', 'p1 2', 'p1 3']);
      },
    ],
    [
      'stores nothing if an inline projection fails, and rejects with its error',
      async (opened) => {
        const { store } = opened;
        await store.append(north, fees(1), { expectedVersion: 0 });
        const outcome = await settled(() =>
          store.append(north, [assessed('f2'), assessed(REFUSED)], { expectedVersion: 1 }),
        );
        assert.ok('error' in outcome, 'the append must reject');
        assert.match(String(outcome.error), /refused by the projection/);
        assert.equal((await store.read(north)).version, 1);
        assert.deepEqual(await projected(opened), ['p1 1']);
        await store.append(north, [assessed('f2')], { expectedVersion: 1 });
        assert.deepEqual(await projected(opened), ['p1 1', 'p1 2']);
      },
    ],
    [
      'applies nothing of an append that conflicts',
      async (opened) => {
        const { store } = opened;
        await store.append(north, fees(2), { expectedVersion: 0 });
        await refused(
          'VERSION_CONFLICT',
          () => store.append(north, fees(1, 'late'), { expectedVersion: 0 }),
          'an outdated version',
        );
        assert.deepEqual(await projected(opened), ['p1 1', 'p1 2']);
      },
    ],
    [
      `applies each event once while ${writers} writers append`,
      async (opened) => {
        const { store, second = store } = opened;
        await Promise.all(
          Array.from({ length: writers }, (_, writer) =>
            (writer % 2 === 0 ? store : second).append(north, fees(2, `w${writer}-`), {
              expectedVersion: 'any',
            }),
          ),
        );
        const { events } = await everything(store, 2 * writers);
        const stored = events.map(({ patronId, version }) => `${patronId} ${version}`);
        assert.deepEqual(await projected(opened), stored.sort());
      },
    ],
  ];
}

async function projected({ inline }: StoreUnderTest): Promise<readonly string[]> {
  assert.ok(inline, 'the store under test must have `inline`');
  return (await inline()).map(({ patronId, version }) => `${patronId} ${version}`).sort();
}
