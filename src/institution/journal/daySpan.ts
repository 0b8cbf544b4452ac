/** From when until when there are entries; days as `YYYY-MM-DD`. */
export type DaySpan = {
  /** The day of the earliest one. */
  readonly firstDay: string;
  /** The day of the latest one. */
  readonly lastDay: string;
};

/** The span that has another one in it, too. */
export function widened(span: DaySpan | null, other: DaySpan): DaySpan {
  if (span === null || (other.firstDay <= span.firstDay && other.lastDay >= span.lastDay)) return other;
  if (other.firstDay < span.firstDay) return { ...span, firstDay: other.firstDay };
  return other.lastDay > span.lastDay ? { ...span, lastDay: other.lastDay } : span;
}
