import { expect } from 'vitest';

/** What happened when a program of code blocks ran. */
export interface Run {
  /** Per line that claims a value with `//=>`: the failure, or undefined where the claim holds. */
  readonly claims: Map<number, unknown>;
  /** The block that ran last: where `thrown` came from. */
  block: number;
  /** What ended the program early, if something did. */
  thrown?: { readonly error: unknown };
}

let run: Run = { claims: new Map(), block: 0 };

/** Runs a program; one at a time, because its blocks report to the run that is under way. */
export async function runProgram(path: string): Promise<Run> {
  const current: Run = { claims: new Map(), block: 0 };
  run = current;
  try {
    await import(/* @vite-ignore */ path);
  } catch (error) {
    current.thrown = { error };
  }
  return current;
}

/** Called by a program where a block begins. */
export function block(line: number): void {
  run.block = line;
}

/** Called by a program for `expression; //=> value`. */
export function claim(line: number, actual: unknown, expected: unknown): void {
  record(line, () => expect(actual).toEqual(expected));
}

/** Called by a program for `expression; //=> throws CODE`. */
export function claimThrows(line: number, code: string, evaluate: () => unknown): void {
  let outcome: unknown = { code: 'nothing was thrown' };
  try {
    evaluate();
  } catch (error) {
    outcome = error;
  }
  record(line, () => expect(outcome).toHaveProperty('code', code));
}

/** Called by a program for `await expression; //=> throws CODE`. */
export async function claimRejects(
  line: number,
  code: string,
  evaluate: () => Promise<unknown>,
): Promise<void> {
  const outcome = await evaluate().then(
    () => ({ code: 'nothing was thrown' }),
    (error: unknown) => error,
  );
  record(line, () => expect(outcome).toHaveProperty('code', code));
}

/** In a loop a line may be checked often; its first failure stays. */
function record(line: number, check: () => void): void {
  if (run.claims.get(line) !== undefined) return;
  try {
    check();
    run.claims.set(line, undefined);
  } catch (failure) {
    run.claims.set(line, failure);
  }
}
