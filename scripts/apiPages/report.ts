import type { Logger, TranslatedString } from 'typedoc';

/** Reports a fault of the pages, which makes `npm run docs` fail. */
export function report(logger: Logger, fault: string): void {
  logger.error(fault as TranslatedString);
}
