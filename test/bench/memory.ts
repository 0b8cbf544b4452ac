import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import { fold } from 'patron-fees';
import { compare, medianNanoseconds, report, round } from './measure.js';
import { stream, streams } from './streams.js';

function heapUsed(): number {
  setFlagsFromString('--expose-gc');
  const collect = runInNewContext('gc') as () => void;
  collect();
  collect();
  return process.memoryUsage().heapUsed;
}

function bytesPerAccount(): void {
  for (const length of [20, 100]) {
    const histories = streams(2_000, length, 'readable');
    const before = heapUsed();
    const accounts = histories.map((events) => fold(events));
    const bytes = Math.round((heapUsed() - before) / accounts.length);
    report('bytes per account, without the strings of the events', { events: length, bytes });
  }
}

function deepFreeze(data: unknown): void {
  if (typeof data !== 'object' || data === null || Object.isFrozen(data)) return;
  Object.freeze(data);
  Object.values(data).forEach(deepFreeze);
}

export function memory(): void {
  bytesPerAccount();
  const events = stream(1_000, 'readable');
  const plain = () => fold(events);
  const { ratio } = compare(
    () => deepFreeze(fold(structuredClone(events))),
    () => fold(structuredClone(events)),
    21,
  );
  const freeze = medianNanoseconds(() => deepFreeze(plain()), 21) - medianNanoseconds(plain, 21);
  report('a deep freeze of the account of 1,000 events', {
    microseconds: round(freeze / 1_000),
    speedOfFoldWithIt: ratio,
  });
}
