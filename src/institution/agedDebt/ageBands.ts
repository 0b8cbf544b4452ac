/** A range of ages, in days. */
export type AgeBand = {
  /** The label, e.g. `0-30`; `366+` for the last band. */
  readonly label: string;
  /** The lowest age in the band. */
  readonly fromDays: number;
  /** The highest age in the band; null for the last one. */
  readonly toDays: number | null;
};

/** The last day of each band but the last one, by default: 0-30, 31-60, 61-90, 91-180, 181-365, 366+. */
export const usualBandEnds: readonly number[] = [30, 60, 90, 180, 365];

/** Returns the bands that end on the given days, and the one for everything older. */
export function ageBands(endDays: readonly number[]): readonly AgeBand[] {
  const starts = [0, ...endDays.map((day) => day + 1)];
  return starts.map((fromDays, index) => {
    const toDays = endDays[index] ?? null;
    return { label: toDays === null ? `${fromDays}+` : `${fromDays}-${toDays}`, fromDays, toDays };
  });
}

/** Returns the index of an age's band. A fee assessed in the future counts as new. */
export function bandOf(ageDays: number, endDays: readonly number[]): number {
  const index = endDays.findIndex((day) => ageDays <= day);
  return index < 0 ? endDays.length : index;
}
