import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { playStory, type StoryVector } from '../../scripts/vectors/story.js';
import type { VectorFile } from '../../scripts/vectors/vectorFile.js';
import { type CommandType, decide } from '../../src/index.js';
import { exploreEvery, type SmallFee } from '../../src/testing/index.js';
import { type PlantedFault, plantedFaults } from '../support/plantedFaults.js';
import { comparisonThatFinds, lawThatFinds } from '../support/plantedFindings.js';
import { LAW_TIMEOUT_MS } from '../support/seeded.js';
import { smallWorlds, worldOf } from '../support/smallWorlds.js';

const page = readFileSync(new URL('../../docs/concepts/mutation-testing.md', import.meta.url), 'utf8');
const [, table = ''] = /## Planted faults\n([\s\S]*?)\n## /.exec(page) ?? [];
const rows = table
  .split('\n')
  .filter((line) => line.startsWith('| '))
  .slice(1)
  .map((line) => line.split('|').map((cell) => cell.trim()));

const files = ['basic', 'commands', 'corner-cases'].map(
  (name): VectorFile =>
    JSON.parse(readFileSync(new URL(`../../vectors/${name}.json`, import.meta.url), 'utf8')),
);

/** Returns whether a story of the vectors, or the one with an id, has another answer, or throws. */
function isNoticed({ decide: changed }: PlantedFault, id?: string): boolean {
  return files.some(({ groups, policies = {} }) =>
    groups.some(({ cases }) =>
      cases.some((one) => {
        if (!('steps' in one) || (id !== undefined && one.id !== id)) return false;
        const { rows: _rows, steps, ...plan } = one as StoryVector;
        try {
          expect(
            playStory(
              {
                ...plan,
                steps: steps.map(({ command, policy, now }) => ({
                  command,
                  ...(policy !== undefined && { policy }),
                  ...(now !== undefined && { now }),
                })),
              },
              policies,
              changed as typeof decide,
            ),
          ).toEqual(one);
          return false;
        } catch {
          return true;
        }
      }),
    ),
  );
}

const rowOf = ({ name }: PlantedFault) => rows.find((row) => row[1] === name);

/** All with `FC_RUNS=all`, else every twelfth. */
const tried = plantedFaults.filter((_, index) => process.env.FC_RUNS === 'all' || index % 12 === 0);

/** Those that the exploration finds: all with `FC_RUNS=all`, else every sixth. */
const explored = plantedFaults
  .filter((fault) => rowOf(fault)?.[5])
  .filter((_, index) => process.env.FC_RUNS === 'all' || index % 6 === 0);

/** The fees of the worlds in which the stories of the table happen. */
const fees: readonly SmallFee[] = [
  ['OTHER', 2],
  ['LOST', 2],
  ['FINE', 1, 'grows'],
];

describe('a planted fault', () => {
  it('is in the table of the page, with the checks that find it', () => {
    expect(rows.map(([, name]) => name)).toEqual(plantedFaults.map(({ name }) => name));
    expect(rows.filter(([, , ...found]) => found.slice(0, 4).every((cell) => cell === ''))).toEqual([]);
    // Each with the shortest story.
    expect(rows.filter((row) => row[6] === '')).toEqual([]);
  });

  it.each(tried)(
    'is noticed by the test vectors: $name',
    (fault) => {
      expect(isNoticed(fault)).toBe(rowOf(fault)?.[4] === 'yes');
      const [, id] = /\(vector (\w+)\)/.exec(rowOf(fault)?.[6] ?? '') ?? [];
      if (id !== undefined) expect(isNoticed(fault, id)).toBe(true);
    },
    LAW_TIMEOUT_MS,
  );

  it.each(explored)(
    'is found by the law that the table names, with a story of the given length: $name',
    async (fault) => {
      const [, , , , , law, story = ''] = rowOf(fault) ?? [];
      const types = story.split(', ') as CommandType[];
      const { choices, permissions } = smallWorlds;
      const found = await Promise.all(
        [
          ...fees.map((fee) => worldOf([fee], types)),
          ...(types.length < 4 ? [choices, permissions] : []),
        ].map((world) =>
          exploreEvery({
            ...world,
            ...{ decide: fault.decide, depth: types.length + 1, pairDepth: types.length },
          }),
        ),
      );
      const lengths = found.flatMap(({ faults }) =>
        faults.flatMap((one) => (one.law === law ? [one.commands.length] : [])),
      );
      expect(Math.min(...lengths)).toBe(types.length);
    },
    LAW_TIMEOUT_MS,
  );

  // A law that holds takes minutes to show it.
  it.each(process.env.FC_RUNS === 'all' ? plantedFaults : tried.slice(0, 2))(
    'is found by the law and the comparison that the table names, if any: $name',
    async (fault) => {
      const found = [await lawThatFinds(fault), (await comparisonThatFinds(fault)) ? 'yes' : ''];
      expect(found).toEqual(rowOf(fault)?.slice(2, 4));
    },
    LAW_TIMEOUT_MS,
  );

  it(
    'is not reported for the unchanged code',
    () => {
      expect(isNoticed({ name: 'none', decide })).toBe(false);
    },
    LAW_TIMEOUT_MS,
  );
});
