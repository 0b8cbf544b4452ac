import { expect, it } from 'vitest';
import { emptyAccount } from '../../../src/index.js';
import { ours } from '../../../src/testing/arbitraries/runMoves.js';
import { checkSettling } from '../../../src/testing/laws/settling.js';
import { chargingOf, type PairCommand, pairCommand } from '../../support/pairCommands.js';
import { smallPolicy } from '../../support/smallWorlds.js';
import { deciding } from './mutants.js';

const policy = smallPolicy({
  feeTypes: { FINE: { label: 'Fine' }, HALF: { label: 'Lost', lostItem: true, refundPercent: 50 } },
});

const accountAfter = (...commands: readonly PairCommand[]) =>
  commands.reduce(
    (account, command, index) => {
      const given = pairCommand(command, `c${index}`, account);
      return given === undefined ? account : ours.fold(ours.decide(given, account, policy).events, account);
    },
    ours.fold(ours.decide(chargingOf('lostHalf'), emptyAccount(), policy).events),
  );

it('disputes, reserved, refundable and external credits, goodwill and transfers are all settled', () => {
  for (const account of [
    accountAfter(['waive', 3], ['dispute']),
    accountAfter(['pay', 8], ['return'], ['goodwill', 2]),
    accountAfter(['transferWhole'], ['settle', 4], ['return']),
  ])
    checkSettling(account, policy, ours);
});

it('catches an account that cannot be settled, and one that costs more', () => {
  const refusing = deciding('ReceivePayment', () => ({
    accepted: false,
    events: [],
    rejection: { type: 'NothingOwed', kind: 'conflict', feeId: 'f' },
  }));
  expect(() => checkSettling(accountAfter(), policy, { ...ours, decide: refusing })).toThrow(
    'settling ends at {"type":"ReceivePayment"',
  );
  const ignoring = deciding('ReceivePayment', () => ({ accepted: true, events: [] }));
  expect(() => checkSettling(accountAfter(), policy, { ...ours, decide: ignoring })).toThrow(
    'f is owed after everything was paid',
  );
});
