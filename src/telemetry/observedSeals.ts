import type { ObservableResult } from '@opentelemetry/api';
import type { OfficeStore } from '../office/officeEvents.js';
import { streamOfKind } from '../office/streamKinds.js';
import type { Instruments } from './instruments.js';

/** Reports the age of an institution's newest seal, read at each collection, until the returned function is called. */
export function observedSeals(
  office: OfficeStore,
  institution: string,
  { sealAge }: Instruments,
): () => void {
  const observe = async (result: ObservableResult): Promise<void> => {
    const { events } = await office.read(streamOfKind(institution, 'seals'));
    const last = events.at(-1)?.event;
    if (last?.type !== 'PeriodSealed') return;
    const age = (Date.now() - Date.parse(last.data.cutoff)) / 1_000;
    result.observe(age, { 'patron_fees.institution': institution });
  };
  sealAge.addCallback(observe);
  return () => sealAge.removeCallback(observe);
}
