import type { FeePolicy } from 'patron-fees';
import { type Exploration, exploreEvery, type SmallFee, smallCommands } from 'patron-fees/testing';
import { readPolicy } from '../policyFile.js';
import { progressBar } from '../progressBar.js';
import { CliError, type ExitCode, print, report, type Terminal } from '../terminal.js';

/** Options of `explore`. */
export type ExploreOptions = {
  readonly fees?: string;
  readonly rows?: string;
  readonly depth?: string;
  readonly pairDepth?: string;
  readonly states?: string;
  readonly seconds?: string;
  readonly currency?: string;
  readonly json?: boolean;
};

/**
 * Checks every story of a small world under a policy. Prints time and memory on a terminal.
 *
 * @param terminal - the streams, and the signal of an interrupt
 * @param file - the file of the policy
 * @param options - the world, and how far to go
 * @returns 1 if a law does not hold
 */
export async function explore(
  terminal: Terminal,
  file: string | undefined,
  options: ExploreOptions,
): Promise<ExitCode> {
  const { rows, depth, pairDepth, states, seconds, currency, json } = options;
  const policy = await readPolicy({
    ...(file !== undefined && { policy: file }),
    ...(currency !== undefined && { currency }),
  });
  const numbers = { rows, depth, pairDepth, states, seconds };
  for (const [name, value] of Object.entries(numbers))
    if (value !== undefined && !/^(0|[1-9]\d{0,8})$/.test(value))
      throw new CliError(
        `--${name === 'pairDepth' ? 'pair-depth' : name} ${value}: expected a whole number.`,
      );
  const limits = Object.fromEntries(
    Object.entries({ depth, pairDepth, states, seconds }).flatMap(([name, value]) =>
      value === undefined ? [] : [[name, Number(value)]],
    ),
  );
  const commands = smallCommands({ fees: feesOf(options.fees, policy), rows: Number(rows ?? 1) });
  const progress = progressBar(terminal, { unit: 'states' });
  const start = performance.now();
  let done = 0;
  try {
    const found = await exploreEvery({
      policy,
      commands,
      ...limits,
      signal: terminal.signal,
      onProgress: (now) => {
        progress.add(now.states - done);
        done = now.states;
      },
    });
    progress.stop();
    terminal.signal.throwIfAborted();
    if (terminal.errors.isTTY === true) report(terminal, costOf(performance.now() - start, found.heapBytes));
    await print(terminal, json === true ? `${JSON.stringify(found)}\n` : textOf(found));
    return found.faults.length > 0 ? 1 : 0;
  } finally {
    progress.stop();
  }
}

/** Reads the fees of a world: `TYPE:AMOUNT` or `TYPE:AMOUNT:grows`, with commas between them. */
function feesOf(list: string | undefined, { feeTypes }: FeePolicy): readonly SmallFee[] {
  const codes = Object.keys(feeTypes);
  const usual = codes.find((code) => feeTypes[code]?.lostItem) ?? codes[0] ?? '';
  return (list ?? `${usual}:2`).split(',').map((text): SmallFee => {
    const [, type = '', amount, grows] = /^\s*(.+?):([1-9]\d{0,3})(:grows)?\s*$/.exec(text) ?? [];
    if (feeTypes[type] === undefined)
      throw new CliError(
        `--fees ${text.trim()}: expected a fee type of the policy and minor units, such as ${usual}:2.`,
      );
    return grows === undefined ? [type, Number(amount)] : [type, Number(amount), 'grows'];
  });
}

function costOf(milliseconds: number, heapBytes: number): string {
  return `${(milliseconds / 1_000).toFixed(1)} s, ${Math.round(heapBytes / 1e6)} MB of memory`;
}

function textOf(found: Exploration): string {
  const { complete, endedBy, states, transitions, depth, events, refusals, faults } = found;
  const counts = (of: Readonly<Record<string, number>>) =>
    Object.entries(of)
      .map(([type, times]) => `${type} ${times}`)
      .join(', ');
  return [
    `${complete ? 'every state was visited' : `ended by ${endedBy}`}: ${states} states, ${transitions} transitions, depth ${depth}`,
    `events: ${counts(events)}`,
    `events not reached: ${found.eventsNotReached.join(', ')}`,
    `refusals: ${counts(refusals)}`,
    `refusals not reached: ${found.refusalsNotReached.join(', ')}`,
    `laws that do not hold: ${faults.length}`,
    ...faults.map(({ scenario, times }) => `\n// found ${times} times\n${scenario}`),
    '',
  ].join('\n');
}
