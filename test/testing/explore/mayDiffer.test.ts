import { expect, it } from 'vitest';
import { emptyAccount } from '../../../src/index.js';
import { mayDiffer, reasonToDiffer } from '../../../src/testing/explore/mayDiffer.js';
import {
  afterCommand,
  chargingOf,
  type PairKind,
  pairCommand,
  pairPolicies,
} from '../../support/pairCommands.js';

const [policy] = pairPolicies;
if (policy === undefined) throw new Error('no policy');
const account = afterCommand(chargingOf('once'), emptyAccount(), policy) ?? emptyAccount();
const reasonOf = (...kinds: readonly [PairKind, PairKind]) => {
  const [one, other] = kinds.map((kind, index) => pairCommand([kind, 4], `c${index}`, account));
  return one && other && reasonToDiffer([one, other], account, policy);
};

it('returns a reason for pairs of the table, in either order, and undefined for others', () => {
  expect(reasonOf('waiveWhole', 'pay')).toBe(mayDiffer[0]?.reason);
  expect(reasonOf('pay', 'waiveWhole')).toBe(mayDiffer[0]?.reason);
  expect(reasonOf('pay', 'waive')).toBeUndefined();
  expect(reasonOf('cancelWhole', 'pay')).toBeUndefined();
});
