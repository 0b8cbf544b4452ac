import type { ObservableResult } from '@opentelemetry/api';
import type { OfficeStore } from '../office/officeEvents.js';
import { loadSeals } from '../seals/sealBook.js';
import type { Instruments } from './instruments.js';

/** Reports the age of an institution's newest seal, read at each collection, until the returned function is called. */
export function observedSeals(
  office: OfficeStore,
  institution: string,
  { sealAge }: Instruments,
): () => void {
  const observe = async (result: ObservableResult): Promise<void> => {
    const last = (await loadSeals(office, institution)).at(-1)?.seal;
    if (last === undefined) return;
    const age = (Date.now() - Date.parse(last.cutoff)) / 1_000;
    result.observe(age, { 'patron_fees.institution': institution });
  };
  sealAge.addCallback(observe);
  return () => sealAge.removeCallback(observe);
}
