/** Parameters of presigned URLs: the whole query proves who asks, and expires. */
const presigned = /^(x-amz-|x-goog-|x-ms-|signature$|sig$|awsaccesskeyid$|googleaccessid$|key-pair-id$)/i;
/** Names of parameters that say what their value is. */
const credential =
  /token|secret|passw|^pass$|pwd|auth(?!or)|credential|session|bearer|jwt|signature|api[-_.]?key|access[-_.]?key|private[-_.]?key|^key$|^sas$|^code$/i;
/** What the tokens of well-known issuers begin with, whatever the parameter is called. */
const token = /^(eyJ[\w-]+\.|gh[oprsu]_|github_pat_|glpat-|hf_|sk-|xox[a-z]-|ya29\.|AKIA|ASIA)/;

/**
 * What names a model in the lock, which is committed: its URL without anything that looks like a credential. What is
 * left still tells two objects of one host apart.
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
