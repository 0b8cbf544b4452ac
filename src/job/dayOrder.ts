/** The orders of day, month and year, with the sign between them. */
export const dayOrders = [
  'YYYY-MM-DD',
  'YYYY/MM/DD',
  'DD.MM.YYYY',
  'DD/MM/YYYY',
  'DD-MM-YYYY',
  'MM/DD/YYYY',
  'MM-DD-YYYY',
] as const;

/** The order of day, month and year in a file. */
export type DayOrder = (typeof dayOrders)[number];
