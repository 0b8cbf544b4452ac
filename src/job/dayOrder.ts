/** The order of day, month and year in a file, with the sign between them. */
export type DayOrder =
  | 'YYYY-MM-DD'
  | 'YYYY/MM/DD'
  | 'DD.MM.YYYY'
  | 'DD/MM/YYYY'
  | 'DD-MM-YYYY'
  | 'MM/DD/YYYY'
  | 'MM-DD-YYYY';

/** The orders of day, month and year. */
export const dayOrders = [
  'YYYY-MM-DD',
  'YYYY/MM/DD',
  'DD.MM.YYYY',
  'DD/MM/YYYY',
  'DD-MM-YYYY',
  'MM/DD/YYYY',
  'MM-DD-YYYY',
] as const satisfies readonly DayOrder[];
