import { describe, expect, it } from 'vitest';
import { copyOfRow, type RowKind, rowKinds, rowsOf } from '../../src/account/rows.js';
import { emptyAccount, fold } from '../../src/index.js';
import { event, lost, transferred } from '../support/events.js';
import { history } from '../support/wholeHistory.js';

const kinds = Object.keys(rowKinds) as RowKind[];

const settled = [
  lost('rows-f', '10.00'),
  transferred('rows-t', 'rows-f', '2.00'),
  event('TransferSettled', { settlementId: 'rows-s', transferId: 'rows-t', amount: '1.00' }),
];
const account = fold(settled, fold(history));

describe('rowKinds', () => {
  it('has every list of an account except the ids', () => {
    const lists = Object.entries(emptyAccount()).filter(([, value]) => Array.isArray(value));
    expect(kinds.map((kind) => rowKinds[kind].list as string).concat('ids')).toEqual(
      lists.map(([name]) => name),
    );
  });

  it.each(kinds)('has the list, the id field and the copy of a %s', (kind) => {
    const [row] = rowsOf(account, kind);
    expect(Object.keys(row ?? {})[0]).toBe(rowKinds[kind].idField);
    const copy = copyOfRow(kind, row as never);
    expect(copy).toStrictEqual(row);
    expect(copy).not.toBe(row);
  });
});
