/** The method that fast-check calls to print a value; the same symbol in every copy of fast-check. */
const TO_STRING = /* @__PURE__ */ Symbol.for('fast-check/toStringMethod');

/** Returns the value such that fast-check prints it as the given text on lines of its own. */
export function printedAs<Value extends object>(value: Value, told: () => string): Value {
  return Object.defineProperty(value, TO_STRING, { value: () => `\n${told()}\n`, configurable: true });
}
