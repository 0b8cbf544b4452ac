/**
 * ISO 4217 currencies and how many decimals each has (list one of the standard, without funds codes, metals and test
 * codes). A word has the letter that codes begin with, then the other two letters of each: `BIFAM` is BIF and BAM.
 */
const codesByMinorDigits: readonly (readonly [digits: number, codes: string])[] = [
  [0, 'BIF CLP DJF GNF ISK JPY KMFRW PYG RWF UGX VNDUV XAFOFPF'],
  [3, 'BHD IQD JOD KWD LYD OMR TND'],
  [
    2,
    'AEDFNLLMDNGOARSUDWGZN BAMBDDTGNMDNDOBRLSDTNWPYNZD CADDFHFNYOPRCUPVEZK DKKOPZD EGPRNTBUR FJDKP ' +
      'GBPELHSIPMDTQYD HKDNLTGUF IDRLSNRRR JMD KESGSHRPWYDZT LAKBPKRRDSL MADDLGAKDMKNTOPRUURVRWKXNYRZN ' +
      'NADGNIOOKPRZD PABENGKHPKRLN QAR RONSDUB SARBDCRDGEKGDHPLEOSRDSPTNVCYPZL THBJSMTOPRYTDWDZS UAHSDYUZS ' +
      'VEDES WST XCDCG YER ZARMWWG',
  ],
];

/** Returns the currencies of a list. */
function codesIn(list: string): readonly string[] {
  return list
    .split(' ')
    .flatMap((word) => (word.slice(1).match(/../g) ?? []).map((others) => word.charAt(0) + others));
}

const digitsByCode: ReadonlyMap<string, number> = /* @__PURE__ */ new Map(
  codesByMinorDigits.flatMap(([digits, codes]) => codesIn(codes).map((code) => [code, digits] as const)),
);

/**
 * Returns how many decimals amounts of a currency have.
 *
 * @param currency - an ISO 4217 code in capitals
 * @returns the number of decimals, or `undefined` for a code that is not in the list
 *
 * @example
 * ```ts
 * import { minorDigits } from 'patron-fees';
 *
 * minorDigits('USD'); //=> 2
 * minorDigits('JPY'); //=> 0
 * minorDigits('KWD'); //=> 3
 * minorDigits('usd'); //=> undefined
 * ```
 */
export function minorDigits(currency: string): number | undefined {
  return digitsByCode.get(currency);
}

/** Returns the number of decimals of a currency that was checked before, e.g. by `definePolicy`. */
export function digitsOf(currency: string): number {
  return digitsByCode.get(currency) as number;
}
