const strictUtf8 = new TextDecoder('utf-8', { fatal: true });

/** A body or payload in readable form: parsed if it is JSON, otherwise text, or base64 if it is binary. */
export function readBytes(bytes: Buffer): { answer: unknown; isBase64Encoded?: true } {
  try {
    const text = strictUtf8.decode(bytes);
    try {
      return { answer: JSON.parse(text) };
    } catch {
      return { answer: text };
    }
  } catch {
    return { answer: bytes.toString('base64'), isBase64Encoded: true };
  }
}
