import { RequestError, shorten } from '../errors.ts';

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
    const hint =
      type === 'application/x-www-form-urlencoded' ? ' (the default of curl: use curl --json)' : '';
    throw new RequestError(
      415,
      'CONTENT_TYPE',
      `the header content-type is ${shorten(type, 100)}; expected ${taken.join(' or ')}${hint}`,
    );
  }
  const charset = typeParameter(parameters.join(';'), 'charset');
  if (charset !== undefined && charset !== 'utf-8' && charset !== 'utf8' && charset !== 'us-ascii') {
    throw new RequestError(
      415,
      'CONTENT_TYPE',
      `the header content-type has charset ${shorten(charset, 100)}; expected utf-8`,
    );
  }
  return type;
}

/** Returns a parameter of a media type, in lower case. */
export function typeParameter(header: string | undefined, name: string): string | undefined {
  return new RegExp(`(?:^|;)\\s*${name}="?([^";\\s]*)`).exec(header?.toLowerCase() ?? '')?.[1];
}
