import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { definePolicy, emptyAccount } from '../../src/index.js';
import { arbitraries } from '../../src/testing/arbitraries/arbitraries.js';
import {
  checkedCount,
  checkedDigits,
  checkedFastCheck,
  checkedPolicies,
} from '../../src/testing/checkedArguments.js';
import { laws } from '../../src/testing/laws/laws.js';
import { errorOf } from '../support/events.js';

describe('arguments of arbitraries and laws', () => {
  it('are used unchanged if valid', () => {
    const policy = definePolicy({ currency: 'JPY' });
    expect(checkedPolicies([policy])).toEqual([policy]);
    expect(checkedPolicies([JSON.parse(JSON.stringify(policy))])).toEqual([policy]);
    expect([checkedCount('runs', 1), checkedDigits('KWD'), checkedFastCheck(fc)]).toEqual([1, 3, fc]);
  });

  it.each([
    ['no policy', () => laws({ policies: [] }), 'policies: expected a list of at least one policy'],
    ['policies that are not a list', () => laws({ policies: {} as never }), 'policies: expected a list'],
    [
      'no commands',
      () => arbitraries(fc).stories({ maxCommands: 0 }),
      'maxCommands: expected a whole number of at least 1, found 0',
    ],
    [
      'an unknown kind of ids',
      () => arbitraries(fc).stories({ ids: 'hostle' as never }),
      'ids: expected plain or hostile, found hostle',
    ],
    ['no options', () => arbitraries(fc).stories(null as never), 'options: expected an object, found null'],
    ['half a command', () => laws({ maxCommands: 1.5 }), 'found 1.5'],
    [
      'no currency',
      () => arbitraries(fc).amounts('DOLLARS'),
      'currency: expected an ISO 4217 code, found "DOLLARS"',
    ],
    ['no fast-check', () => arbitraries(undefined as never), 'fc: expected fast-check'],
    ['the module of a test runner', () => arbitraries({ describe, it } as never), 'fc: expected fast-check'],
  ])('are refused with the fault: %s', (_, call, message) => {
    const error = errorOf(call);
    expect(error.code).toBe('INVALID_ARGUMENT');
    expect(error.message).toContain(message);
  });

  it('are refused with all faults of an invalid policy', () => {
    const error = errorOf(() =>
      arbitraries(fc).stories({ policies: [{ currency: 'USD', feeTypes: 17 } as never] }),
    );
    expect(error.code).toBe('INVALID_POLICY');
  });

  it('are refused if the account or policy of commands is invalid', () => {
    const { commands } = arbitraries(fc);
    const policy = definePolicy({ currency: 'USD' });
    expect(errorOf(() => commands(undefined as never, policy)).code).toBe('INVALID_ACCOUNT');
    expect(errorOf(() => commands(emptyAccount(), undefined as never)).code).toBe('INVALID_POLICY');
  });

  it('are refused if a law is to run 0 times', async () => {
    const [law] = laws();
    await expect(law?.check({ seed: 0.5 })).rejects.toThrow('seed: expected a 32-bit integer, found 0.5');
    await expect(law?.check({ seed: 'x' as never })).rejects.toThrow('found "x"');
    await expect(law?.check({ runs: 0 })).rejects.toThrow(
      'runs: expected a whole number of at least 1, found 0',
    );
  });
});
