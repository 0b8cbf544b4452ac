/**
 * ISO 4217 currencies and how many decimals each has (list one of the standard, without funds codes, metals and test
 * codes).
 */
const codesByMinorDigits: readonly (readonly [digits: number, codes: string])[] = [
  [0, 'BIF CLP DJF GNF ISK JPY KMF KRW PYG RWF UGX VND VUV XAF XOF XPF'],
  [3, 'BHD IQD JOD KWD LYD OMR TND'],
  [
    2,
    'AED AFN ALL AMD ANG AOA ARS AUD AWG AZN BAM BBD BDT BGN BMD BND BOB BRL BSD BTN BWP BYN BZD CAD CDF CHF CNY COP ' +
      'CRC CUP CVE CZK DKK DOP DZD EGP ERN ETB EUR FJD FKP GBP GEL GHS GIP GMD GTQ GYD HKD HNL HTG HUF IDR ILS INR IRR ' +
      'JMD KES KGS KHR KPW KYD KZT LAK LBP LKR LRD LSL MAD MDL MGA MKD MMK MNT MOP MRU MUR MVR MWK MXN MYR MZN NAD NGN ' +
      'NIO NOK NPR NZD PAB PEN PGK PHP PKR PLN QAR RON RSD RUB SAR SBD SCR SDG SEK SGD SHP SLE SOS SRD SSP STN SVC SYP ' +
      'SZL THB TJS TMT TOP TRY TTD TWD TZS UAH USD UYU UZS VED VES WST XCD XCG YER ZAR ZMW ZWG',
  ],
];

const digitsByCode: ReadonlyMap<string, number> = /* @__PURE__ */ new Map(
  codesByMinorDigits.flatMap(([digits, codes]) => codes.split(' ').map((code) => [code, digits] as const)),
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
