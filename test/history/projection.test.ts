import { describe, expect, it } from 'vitest';
import { checkpointMoved, decodeEvent, parked } from '../../src/history/index.js';
import {
  checkpointText,
  concernsAllAccounts,
  parkedFrom,
  positionIn,
  reasonOf,
} from '../../src/history/projection.js';
import { fold, PatronFeesError } from '../../src/index.js';
import { assessedFee } from '../support/assessedFee.js';

it('the error names the checkpoint from which the run continued', () => {
  expect(checkpointMoved('17')).toMatchObject({ code: 'CHECKPOINT_MOVED', details: { previous: '17' } });
  expect(checkpointMoved(undefined).message).toContain('no longer none yet');
});

const bad = { institution: 'north', patronId: 'p"1\u2028', version: 4, recordedAt: '2026-03-02T09:00:00Z' };

const thrownBy = (task: () => unknown): unknown => {
  try {
    return task();
  } catch (error) {
    return error;
  }
};

describe('a checkpoint', () => {
  it('is the cursor of the store without parked accounts, and has them otherwise', () => {
    expect(checkpointText('17', new Map(), undefined)).toBe('17');
    expect(positionIn(undefined)).toEqual({ cursor: undefined, parked: new Map() });
    expect(positionIn('{"turn":["a",0]}')).toEqual({ cursor: '{"turn":["a",0]}', parked: new Map() });
    const accounts = new Map([
      ['north\u0000p"1\u2028', parkedFrom(bad, new Error('x'), '2026-03-02T09:00:00.000Z')],
    ]);
    expect(positionIn(checkpointText('17', accounts, undefined))).toEqual({ cursor: '17', parked: accounts });
  });

  it('of a shard begins with their number', () => {
    const accounts = new Map([
      ['north\u0000p"1\u2028', parkedFrom(bad, new Error('x'), '2026-03-02T09:00:00.000Z')],
    ]);
    expect(checkpointText('17', new Map(), 64)).toBe('of64:17');
    for (const parked of [new Map(), accounts])
      expect(positionIn(checkpointText('17', parked, 64))).toEqual({ cursor: '17', parked, shards: 64 });
  });

  it.each(['parked:', 'parked:{}', 'parked:{"cursor":"1","parked":[{"institution":"a"}]}'])(
    'of another form is refused: %s',
    async (text) => {
      const checkpoint = { load: async () => text, save: async () => undefined };
      await expect(parked(checkpoint)).rejects.toMatchObject({ code: 'INVALID_ARGUMENT' });
    },
  );
});

describe('the reason', () => {
  it('has no text of the event or the patron', () => {
    const secrets = ['Ada Lovelace', '12.34'];
    const errors = [
      thrownBy(() => decodeEvent('{"type":"FeeAssessed","data":{"feeId":"Ada Lovelace","amount":"12.34x"}}')),
      thrownBy(() => fold([assessedFee('Ada Lovelace'), assessedFee('Ada Lovelace')])),
      new Error('no such person: Ada Lovelace owes 12.34'),
      Object.assign(new Error('Ada Lovelace'), { code: 'Ada Lovelace' }),
      Object.assign(new RangeError('Ada Lovelace'), { code: '23505' }),
      'Ada Lovelace owes 12.34',
      undefined,
    ];
    const reasons = errors.map(reasonOf);
    for (const secret of secrets) expect(JSON.stringify(reasons)).not.toContain(secret);
    expect(reasons.map(({ code }) => code)).toEqual([
      'INVALID_EVENT',
      'CORRUPT_HISTORY',
      'Error',
      'Error',
      '23505',
      'Error',
      'Error',
    ]);
    expect(reasons[1]?.text).toBe('an event does not fit the account: IdUsedTwice');
  });
});

describe('an error', () => {
  it.each([
    checkpointMoved('1'),
    new PatronFeesError('STORE_UNAVAILABLE', 'x'),
    Object.assign(new Error('x'), { code: 'ECONNREFUSED' }),
    Object.assign(new Error('x'), { code: 'SQLITE_BUSY' }),
    Object.assign(new Error('x'), { code: '40P01' }),
    Object.assign(new Error('x'), { code: '57P01' }),
    new Error('wrapped', { cause: Object.assign(new Error('x'), { code: '08006' }) }),
  ])('of the database concerns all accounts: %s', (error) => {
    expect(concernsAllAccounts(error)).toBe(true);
  });

  it.each([
    new TypeError('x'),
    new PatronFeesError('INVALID_EVENT', 'x'),
    Object.assign(new Error('x'), { code: '23505' }),
    Object.assign(new Error('x'), { code: 'ERR_INVALID_ARG_TYPE' }),
    Object.assign(new Error('x'), { code: 'SQLITE_CONSTRAINT_UNIQUE' }),
    'text',
    null,
  ])('of anything else may be of one account: %s', (error) => {
    expect(concernsAllAccounts(error)).toBe(false);
  });
});

it('parking begins with the bad event, or with the first missing version before it', () => {
  const corrupt = (details: object) =>
    parkedFrom(bad, new PatronFeesError('CORRUPT_HISTORY', 'x', { ...details }), '2026-03-02T09:00:00.000Z');
  expect(corrupt({ stream: 'north/p1', expected: 2, found: 4 }).version).toBe(2);
  // A projection that folds: nothing is left of the fee that was waived.
  expect(corrupt({ fault: 'AmountAboveWhatIsLeft', expected: 0, found: 250 }).version).toBe(4);
});
