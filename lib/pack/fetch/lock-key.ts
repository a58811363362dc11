/** Parameters of presigned URLs. With one of them, the whole query is a credential that expires. */
const presigned = /^(x-amz-|x-goog-|x-ms-|signature$|sig$|awsaccesskeyid$|googleaccessid$|key-pair-id$)/i;
/** Names of parameters whose values are credentials. */
const credential =
  /token|secret|passw|^pass$|pwd|auth(?!or)|credential|session|bearer|jwt|signature|api[-_.]?key|access[-_.]?key|private[-_.]?key|^key$|^sas$|^code$/i;
/** Prefixes of the tokens of well-known issuers, whatever the parameter's name. */
const token = /^(eyJ[\w-]+\.|gh[oprsu]_|github_pat_|glpat-|hf_|sk-|xox[a-z]-|ya29\.|AKIA|ASIA)/;

/**
 * The key of a model in the lock, which is committed: its URL without anything that looks like a credential. The rest
 * still distinguishes objects of the same host.
 */
export function lockKey(model: string): string {
  const [address, query] = splitOnce(model.replace(/#.*$/s, ''), '?');
  if (query === undefined) {
    return address;
  }
  const parameters = [...new URLSearchParams(query)];
  if (parameters.some(([name]) => presigned.test(name))) {
    return address;
  }
  const kept = parameters.filter(([name, value]) => !credential.test(name) && !token.test(value));
  if (kept.length === parameters.length) {
    return `${address}?${query}`;
  }
  return kept.length === 0 ? address : `${address}?${new URLSearchParams(kept)}`;
}

function splitOnce(text: string, separator: string): [string, string | undefined] {
  const at = text.indexOf(separator);
  return at === -1 ? [text, undefined] : [text.slice(0, at), text.slice(at + separator.length)];
}
