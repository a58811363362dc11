import { RequestError, shorten } from '../errors.ts';

/** What to do with a body of a type that the path does not accept. */
const hints = new Map([
  ['application/x-www-form-urlencoded', " (curl's default: use curl --json)"],
  ['text/csv', ' (send CSV to /invocations)'],
]);

/**
 * Returns the media type of a request's body, `application/json` if the header is missing.
 * @param taken - the accepted types; `application/json` includes all `+json` types
 * @throws RequestError 415
 */
export function bodyType(header: string | undefined, taken: readonly string[]): string {
  if (header === undefined || header === '') {
    return 'application/json';
  }
  const [name = '', ...parameters] = header.toLowerCase().split(';');
  const type = name.trim().endsWith('+json') ? 'application/json' : name.trim();
  if (!taken.includes(type)) {
    throw refused(`is ${shorten(type, 100)}; expected ${taken.join(' or ')}${hints.get(type) ?? ''}`);
  }
  const charset = parameters.length === 0 ? undefined : typeParameter(parameters.join(';'), 'charset');
  if (charset !== undefined && !/^(utf-?8|us-ascii)$/.test(charset)) {
    throw refused(`has charset ${shorten(charset, 100)}; expected utf-8`);
  }
  return type;
}

function refused(what: string): RequestError {
  return new RequestError(415, 'CONTENT_TYPE', `the header content-type ${what}`);
}

/** Returns a parameter of a media type, in lower case. */
export function typeParameter(header: string | undefined, name: string): string | undefined {
  return new RegExp(`(?:^|;)\\s*${name}="?([^";\\s]*)`).exec(header?.toLowerCase() ?? '')?.[1];
}
