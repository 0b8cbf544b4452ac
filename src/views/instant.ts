import { isInstant } from '../account/fieldSchemas.js';

/** Milliseconds since 1970 of an instant; NaN for text that is none, which no machine's time zone may turn into one. */
export function instantOf(text: string): number {
  return isInstant(text) ? Date.parse(text) : Number.NaN;
}
