import { describe, expect, it } from 'vitest';
import { emptyAccount, fold } from '../../../src/index.js';
import { type Move, moveKinds } from '../../../src/testing/arbitraries/moves.js';
import { preparedMove } from '../../../src/testing/arbitraries/preparedMove.js';
import { assessed, event } from '../../support/events.js';
import { history } from '../../support/wholeHistory.js';

const move = (kind: Move['kind'], sensible = true): Move => ({
  kind,
  pick: 0,
  other: 0,
  amount: 100,
  flag: false,
  sensible,
  policy: 'same',
});

describe('a sensible move', () => {
  it('is replaced by the move that has to happen first, if it has nothing to act on', () => {
    const firsts = moveKinds.map((kind) => preparedMove(move(kind), emptyAccount()).kind);
    expect(new Set(firsts)).toEqual(
      new Set([
        'assess',
        'assessLost',
        'accrue',
        'overpay',
        'goodwill',
        'imported',
        'misfit',
        'idTaken',
        'derivedIdTaken',
      ]),
    );
  });

  it('is unchanged if it has something to act on', () => {
    const account = fold([
      ...history,
      assessed('f4', '3.00', { accruing: true }),
      event('TransferSettled', { settlementId: 's1', transferId: 't1', amount: '1.00' }),
    ]);
    const kept = moveKinds.filter((kind) => preparedMove(move(kind), account).kind === kind);
    expect(kept).toEqual([...moveKinds]);
  });
});

describe('a move that is not sensible', () => {
  it('is tried unchanged', () => {
    const all = moveKinds.map((kind) => preparedMove(move(kind, false), emptyAccount()).kind);
    expect(all).toEqual([...moveKinds]);
  });
});
