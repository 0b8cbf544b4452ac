/** What was thrown, in words; what is thrown may itself throw when it is read. */
export function described(thrown: unknown, what: 'message' | 'stack' = 'message'): string {
  try {
    return String(thrown instanceof Error ? thrown[what] : thrown);
  } catch {
    return 'something unreadable';
  }
}
