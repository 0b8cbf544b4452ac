/** Returns a description of a thrown value. Reading the value may itself throw. */
export function described(thrown: unknown, what: 'message' | 'stack' = 'message'): string {
  try {
    return String(thrown instanceof Error ? thrown[what] : thrown);
  } catch {
    return 'something unreadable';
  }
}
