export interface Challenge {
  scheme: 'basic' | 'bearer';
  parameters: Record<string, string>;
}

/** Parses a WWW-Authenticate header: https://www.rfc-editor.org/rfc/rfc9110#section-11.6.1. Prefers Bearer. */
export function parseChallenge(header: string | null): Challenge | undefined {
  const starts = [...(header ?? '').matchAll(/(?:^|,\s*)(basic|bearer)\b/gi)];
  const challenges = starts.map(({ index, 0: start, 1: scheme }, at) => ({
    scheme: scheme!.toLowerCase() as Challenge['scheme'],
    parameters: parseParameters(header!.slice(index + start.length, starts[at + 1]?.index)),
  }));
  return challenges.find(({ scheme }) => scheme === 'bearer') ?? challenges[0];
}

function parseParameters(text: string): Record<string, string> {
  const pairs = text.matchAll(/([\w-]+)\s*=\s*(?:"((?:[^"\\]|\\.)*)"|([^\s,"]+))/g);
  return Object.fromEntries(
    [...pairs].map(([, name, quoted, plain]) => [
      name!.toLowerCase(),
      quoted?.replace(/\\(.)/g, '$1') ?? plain!,
    ]),
  );
}
