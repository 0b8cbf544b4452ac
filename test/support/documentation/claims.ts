import { expect } from 'vitest';

/** The result of running a program of code blocks. */
export interface Run {
  /** The failure of each line with a claim (`//=>`); undefined if the claim is correct. */
  readonly claims: Map<number, unknown>;
  /** The last block that ran, and that `thrown` came from. */
  block: number;
  /** The error that ended the program early, if any. */
  thrown?: { readonly error: unknown };
}

let run: Run = { claims: new Map(), block: 0 };

/** Runs a program. Run one at a time, because its blocks report to the current run. */
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

/** Called by a program at the start of a block. */
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

/** Records a check; of a line in a loop, the first failure is kept. */
function record(line: number, check: () => void): void {
  if (run.claims.get(line) !== undefined) return;
  try {
    check();
    run.claims.set(line, undefined);
  } catch (failure) {
    run.claims.set(line, failure);
  }
}
