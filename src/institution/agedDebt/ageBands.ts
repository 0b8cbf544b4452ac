/** A range of ages, in days. */
export type AgeBand = {
  /** What to call it: `0-30`, and `366+` for the last one. */
  readonly label: string;
  /** The lowest age in it. */
  readonly fromDays: number;
  /** The highest age in it; null for the last band. */
  readonly toDays: number | null;
};

/** The last day of each band but the last one, unless a form says otherwise: 0-30, 31-60, 61-90, 91-180, 181-365, 366+. */
export const usualBandEnds: readonly number[] = [30, 60, 90, 180, 365];

/** The bands that end on so many days each, and the one for what is older. */
export function ageBands(endDays: readonly number[]): readonly AgeBand[] {
  const starts = [0, ...endDays.map((day) => day + 1)];
  return starts.map((fromDays, index) => {
    const toDays = endDays[index] ?? null;
    return { label: toDays === null ? `${fromDays}+` : `${fromDays}-${toDays}`, fromDays, toDays };
  });
}

/** In which band an age belongs. What is assessed in the future has no age yet, and counts as new. */
export function bandOf(ageDays: number, endDays: readonly number[]): number {
  const index = endDays.findIndex((day) => ageDays <= day);
  return index < 0 ? endDays.length : index;
}
