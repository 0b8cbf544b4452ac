import { readFileSync } from 'node:fs';
import { isPatronFeesError, PatronFeesError } from 'patron-fees';
import { describe, expect, it } from 'vitest';
import { entryPoints } from '../../entryPoints.js';

// A function that returns a promise never throws beside it: `run(...).catch(log)` would end the process.

type Callable = (...given: readonly unknown[]) => unknown;

/** The exported functions whose signature in the snapshot of the API returns a promise, by entry point. */
const promising = entryPoints.flatMap(({ specifier, name }) => {
  const snapshot = readFileSync(new URL(`../publicApi/${name}.txt`, import.meta.url), 'utf8');
  const blocks = snapshot.split('\n\n').filter((block) => /^function [\s\S]*\): Promise</.test(block));
  return blocks.map((block) => ({ specifier, name: /^function (\w+)/.exec(block)?.[1] as string }));
});

/** Entry points whose functions take objects of other programs, which they only read in their own way. */
const passesErrorsOn = new Set(['patron-fees/testing']);

const wrongArguments = [undefined, null, 5, true, [], {}];

/** Calls a function with wrong arguments only. Returns its error; throws what it throws beside its promise. */
async function rejectionOf(called: Callable, wrong: unknown): Promise<unknown> {
  const promise = called(wrong, wrong, wrong, wrong, wrong) as Promise<unknown>;
  expect(promise).toBeInstanceOf(Promise);
  return promise.then(
    () => undefined,
    (error: unknown) => error,
  );
}

it('these tests call every function of the library that returns a promise', () => {
  const names = promising.map(({ name }) => name);
  for (const name of [
    'execute',
    'runNotices',
    'runOnlinePayments',
    'issueReceipt',
    'sealPeriod',
    'runImport',
  ])
    expect(names).toContain(name);
});

it('these tests detect a function that throws instead of rejecting', async () => {
  const throwing = (): Promise<void> => {
    throw new PatronFeesError('INVALID_ARGUMENT', 'beside');
  };
  await expect(rejectionOf(throwing, 1)).rejects.toThrow('beside');
});

describe.each(promising)('$name of $specifier', ({ specifier, name }) => {
  it('rejects wrong arguments, with an error of the library', async () => {
    const called = ((await import(/* @vite-ignore */ specifier)) as Record<string, Callable>)[
      name
    ] as Callable;
    for (const wrong of wrongArguments) {
      const error = await rejectionOf(called, wrong);
      if (passesErrorsOn.has(specifier)) continue;
      expect([wrong, error === undefined || isPatronFeesError(error) ? '' : String(error)]).toEqual([
        wrong,
        '',
      ]);
    }
  });
});
