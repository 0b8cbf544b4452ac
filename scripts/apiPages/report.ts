import type { Logger, TranslatedString } from 'typedoc';

/** Reports a fault of the pages: `npm run docs` then fails. */
export function report(logger: Logger, fault: string): void {
  logger.error(fault as TranslatedString);
}
