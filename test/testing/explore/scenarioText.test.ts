import { expect, it } from 'vitest';
import type { Command } from '../../../src/index.js';
import { postingsOf } from '../../../src/jobs/reports/index.js';
import { ours } from '../../../src/testing/arbitraries/runMoves.js';
import { scenarioText } from '../../../src/testing/explore/scenarioText.js';
import { smallPolicy } from '../../support/smallWorlds.js';

const at = '2026-03-02T09:00:00Z';
const commands: readonly Command[] = [
  { type: 'AssessFee', id: "o'f", at, feeType: 'OTHER', amount: '2', owner: 'MAIN' },
  { type: 'DisputeFee', id: 'd', at, feeId: 'unknown' },
];

it('writes a scenario with the result of each command, and the balances at the end', () => {
  const text = scenarioText('a law', 'two\nlines', commands, 0, {
    policy: smallPolicy(),
    ...ours,
    postingsOf,
  });
  expect(text.split('\n')).toEqual([
    '// a law',
    '// two',
    '// lines',
    'scenario(policy)',
    '  .given()',
    '  .when([',
    `    { type: 'AssessFee', id: 'o\\'f', at: '${at}', feeType: 'OTHER', amount: '2', owner: 'MAIN' }, // FeeAssessed`,
    `    { type: 'DisputeFee', id: 'd', at: '${at}', feeId: 'unknown' }, // refused: FeeNotFound`,
    '  ])',
    '  .thenView(balancesInMinorUnits, { active: 2, disputed: 0, transferred: 0, payable: 2, owed: 2 });',
  ]);
});

it('includes the error that a changed function throws', () => {
  const decide = () => {
    throw new Error('not today');
  };
  const text = scenarioText('a law', 'm', commands, 2, {
    ...ours,
    policy: smallPolicy(),
    decide,
    postingsOf,
  });
  expect(text.match(/throws Error: not today/g)).toHaveLength(4);
});
