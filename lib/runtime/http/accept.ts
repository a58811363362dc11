import { RequestError } from '../errors.ts';
import { show } from '../tensor/show.ts';

/**
 * Returns the offer that an `Accept` or `Accept-Encoding` header prefers, the earlier of equals, or `undefined` if it
 * accepts none. Without a header, or with an empty `Accept`, any offer is acceptable.
 * https://www.rfc-editor.org/rfc/rfc9110#section-12.5.1
 */
export function negotiate(header: string | undefined, offers: readonly string[]): string | undefined {
  if (header === undefined || header.trim() === '') {
    return offers[0];
  }
  const ranges = header.toLowerCase().split(',').map(readRange);
  let best: string | undefined;
  let bestQuality = 0;
  for (const offer of offers) {
    const quality = qualityOf(offer, ranges);
    if (quality > bestQuality) {
      best = offer;
      bestQuality = quality;
    }
  }
  return best;
}

/** Like `negotiate`, for media types. @throws RequestError 406 if the header accepts none */
export function negotiateType(header: string | undefined, offers: readonly string[]): string {
  const best = negotiate(header, offers);
  if (best === undefined) {
    throw new RequestError(
      406,
      'ACCEPT',
      `the header accept is ${show(header)}; the answer is ${offers.join(' or ')}`,
    );
  }
  return best;
}

interface Range {
  name: string;
  quality: number;
}

function readRange(text: string): Range {
  const [name = '', ...parameters] = text.split(';').map(part => part.trim());
  const weight = parameters.find(parameter => parameter.startsWith('q='));
  const quality = weight === undefined ? 1 : Number(weight.slice(2));
  return { name, quality: quality >= 0 && quality <= 1 ? quality : 0 };
}

/** Returns the quality of the most specific range that covers the offer. */
function qualityOf(offer: string, ranges: Range[]): number {
  const family = `${offer.slice(0, offer.indexOf('/'))}/*`;
  for (const name of [offer, family, '*/*', '*']) {
    const range = ranges.find(candidate => candidate.name === name);
    if (range !== undefined) {
      return range.quality;
    }
  }
  return 0;
}
