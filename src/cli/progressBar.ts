import { SingleBar } from 'cli-progress';
import type { Terminal } from './terminal.js';

/** Shows how far a command is. */
export type Progress = {
  /** Adds what was done since the last call. */
  readonly add: (amount: number) => void;
  /** Removes the bar. */
  readonly stop: () => void;
};

/** What is counted, and how much there is in all, if that is known. */
export type Counted = {
  readonly unit: 'bytes' | 'events' | 'accounts' | 'stories' | 'states';
  readonly total?: number;
};

/** Shows progress with rate and time left on a terminal, and nothing in a pipe or a file. */
export function progressBar({ errors }: Terminal, { unit, total }: Counted): Progress {
  if (errors.isTTY !== true) return { add: () => {}, stop: () => {} };
  const start = performance.now();
  let done = 0;
  const rest = total === undefined ? '{done} {unit}' : '{bar} {percentage}% of {all} {unit}';
  const left = total === undefined ? '' : ' | {eta_formatted} left';
  const bar = new SingleBar({
    format: `${rest} | {rate} {unit}/s${left}`,
    stream: errors,
    barsize: 20,
    fps: 5,
    etaBuffer: 50,
    hideCursor: null,
    clearOnComplete: true,
    // The process ends by itself after an interrupt, and says so in its exit code.
    gracefulExit: false,
  });
  const inUnit = (amount: number) =>
    unit === 'bytes' ? (amount / 1_000_000).toFixed(1) : String(Math.round(amount));
  const values = () => ({
    unit: unit === 'bytes' ? 'MB' : unit,
    done: inUnit(done),
    all: inUnit(total ?? 0),
    rate: inUnit((done * 1_000) / Math.max(1, performance.now() - start)),
  });
  bar.start(total ?? 0, 0, values());
  return {
    add: (amount) => {
      done += amount;
      bar.update(Math.min(done, total ?? done), values());
    },
    stop: () => bar.stop(),
  };
}
