import { availableParallelism } from 'node:os';
import { describe, expect, it } from 'vitest';
import { soakArguments } from './soakArguments.js';

describe('the arguments of a soak', () => {
  it('have defaults, and a random seed', () => {
    expect(soakArguments([], 17)).toEqual({
      histories: 10_000,
      seed: 17,
      only: undefined,
      commands: 20,
      subject: undefined,
      processes: availableParallelism(),
    });
    expect(soakArguments([])).toMatchObject({ seed: expect.any(Number) });
  });

  it('are read', () => {
    const given = [
      '--histories',
      '1000000',
      '--seed=3',
      '--only',
      '4',
      '--commands=6',
      '--processes',
      '2',
      '--subject',
      'a.ts',
    ];
    expect(soakArguments(given)).toEqual({
      histories: 1_000_000,
      seed: 3,
      only: 4,
      commands: 6,
      processes: 2,
      subject: 'a.ts',
    });
  });

  it.each([
    [['--histories', '0'], '--histories: expected a whole number from 1 to 9007199254740991, found "0"'],
    [['--histories', '1e6'], '--histories: expected a whole number from 1 to 9007199254740991, found "1e6"'],
    [['--histories', '1.5'], 'found "1.5"'],
    [['--histories='], 'found ""'],
    [['--seed', '2147483648'], '--seed: expected a whole number from 0 to 2147483647, found "2147483648"'],
    [['--seed=-1'], 'found "-1"'],
    [['--processes', 'all'], '--processes: expected a whole number from 1 to 1000, found "all"'],
    [['--only', 'x'], '--only: expected'],
    [['--commands', '0'], '--commands: expected a whole number from 1 to 1000, found "0"'],
    [['--historys', '5'], "Unknown option '--historys'"],
    [['1000'], "Unexpected argument '1000'"],
    [['--seed'], "Option '--seed <value>' argument missing"],
  ])('are refused if they are invalid: %j', (given, message) => {
    expect(soakArguments(given)).toEqual({ fault: expect.stringContaining(message) });
  });
});
