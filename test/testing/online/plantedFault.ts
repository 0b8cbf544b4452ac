/** A fault that is planted into the source: a text that is replaced by another one. */
export type PlantedFault = {
  /** What is wrong, in a sentence of the books. */
  readonly name: string;
  /** The file, below `src`. */
  readonly file: string;
  /** The text that is replaced: the file has it once. */
  readonly before: string;
  readonly after: string;
};

/** Returns a fault of a file in `src/online`. */
export const inOnline = (name: string, file: string, before: string, after: string): PlantedFault => ({
  ...{ name, file: `online/${file}`, before, after },
});

/** Returns a fault of a file in `src/office/onlinePayments`, where a payment is folded. */
export const inOffice = (name: string, file: string, before: string, after: string): PlantedFault => ({
  ...{ name, file: `office/onlinePayments/${file}`, before, after },
});

/** Returns a fault of what the journal posts. */
export const inJournal = (name: string, before: string, after: string): PlantedFault => ({
  ...{ name, file: 'books/journal/onlinePaymentPostings.ts', before, after },
});
