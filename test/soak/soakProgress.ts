import type { SoakCounts } from './soakBatch.js';

/** The progress of a soak. */
export type SoakState = {
  readonly counts: SoakCounts;
  readonly total: number;
  readonly seconds: number;
  readonly memoryBytes: number;
};

/** Returns one line: the histories done, the rate, the time left, and the size of the largest process. */
export function progressLine({ counts, total, seconds, memoryBytes }: SoakState): string {
  const rate = counts.histories / Math.max(seconds, 0.001);
  const left = rate === 0 ? '?' : duration((total - counts.histories) / rate);
  return [
    `${grouped(counts.histories)} of ${grouped(total)} histories`,
    `${grouped(Math.round(rate))} a second`,
    `${left} left`,
    `largest process ${Math.round(memoryBytes / 2 ** 20)} MB`,
  ].join(', ');
}

/** Returns the totals, at the end or when it was stopped. */
export function closingLines({ counts, seconds, memoryBytes }: SoakState): string {
  const { histories, commands, refused, events } = counts;
  return [
    `${grouped(histories)} histories: ${grouped(commands)} commands, ${grouped(refused)} of them refused, ${grouped(events)} events`,
    `each held to all laws: as it is, damaged, with a named fault, and among malformed input`,
    `in ${duration(seconds)}, ${grouped(Math.round(histories / Math.max(seconds, 0.001)))} a second, largest process ${Math.round(memoryBytes / 2 ** 20)} MB`,
  ].join('\n');
}

function duration(seconds: number): string {
  const whole = Math.ceil(seconds);
  const [hours, minutes] = [Math.floor(whole / 3600), Math.floor(whole / 60) % 60];
  if (hours > 0) return `${hours} h ${minutes} min`;
  return minutes > 0 ? `${minutes} min ${whole % 60} s` : `${whole} s`;
}

function grouped(number: number): string {
  return String(number).replace(/\B(?=(\d{3})+$)/g, ',');
}
