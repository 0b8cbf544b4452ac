import { describe, expect, it } from 'vitest';
import { type CommandType, decide, emptyAccount, fold, type PatronAccount } from '../../../src/index.js';
import { smallCommands } from '../../../src/testing/explore/smallCommands.js';
import { smallPolicy } from '../../support/smallWorlds.js';

const world = smallCommands({
  fees: [
    ['LOST', 2],
    ['FINE', 1, 'grows'],
  ],
});

/** The account after the first command of each type that is accepted. */
function accountAfter(...types: readonly CommandType[]): PatronAccount {
  return types.reduce((account, type, index) => {
    const decision = world(account, smallPolicy(), `c${index}`)
      .filter((command) => command.type === type)
      .map((command) => decide(command, account, smallPolicy()))
      .find(({ accepted }) => accepted);
    return fold(decision?.events ?? [], account);
  }, emptyAccount());
}

const typesIn = (account: PatronAccount) => {
  const types = world(account, smallPolicy(), 'c9').map(({ type }) => type);
  return [...new Set(types)].map((type) => `${type} ${types.filter((one) => one === type).length}`);
};

describe('the commands of a small world', () => {
  it('charge the fees in their order', () => {
    expect(typesIn(emptyAccount())).toEqual(['AssessFee 1', 'IssueCredit 2']);
    expect(typesIn(accountAfter('AssessFee'))).toEqual(
      expect.arrayContaining(['AccrueFine 6', 'ReceivePayment 2']),
    );
  });

  it('have every amount up to that of the fee, and no amount if that differs', () => {
    expect(typesIn(accountAfter('AssessFee'))).toEqual(
      expect.arrayContaining([
        'WaiveFees 2',
        'TransferFees 2',
        'CancelFee 3',
        'ReturnLostItem 1',
        'DisputeFee 1',
      ]),
    );
  });

  it('create no more rows of a kind than the world allows', () => {
    const types = typesIn(accountAfter('AssessFee', 'ReceivePayment')).map((text) => text.split(' ')[0]);
    expect(types).not.toContain('ReceivePayment');
    expect(types).toContain('ReversePayment');
  });

  it('have only the given types', () => {
    const only = smallCommands({ fees: [['LOST', 2]], types: ['AssessFee'] });
    expect(only(emptyAccount(), smallPolicy(), 'c1').map(({ type }) => type)).toEqual(['AssessFee']);
  });
});

it.each([
  [{ fees: [] }, 'fees.length: expected a whole number of at least 1, found 0'],
  [{ fees: [['LOST', 0.5]] }, 'fees[0][1]: expected a whole number of at least 1, found 0.5'],
  [{ fees: [['LOST', 1]], rows: 0 }, 'rows: expected a whole number of at least 1, found 0'],
])('an empty world is refused: %j', (given, message) => {
  expect(() => smallCommands(given as never)).toThrow(message);
});
