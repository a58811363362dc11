/** Draws sample.jpg, a checked cloth, and writes it into record.json and event.json: `node make-sample.ts`. */
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { encode } from 'jpeg-js';

const [width, height, period] = [128, 96, 32];
const colours = [
  [176, 58, 46],
  [242, 236, 220],
] as const;

const data = new Uint8Array(4 * width * height);
for (let y = 0; y < height; y++) {
  for (let x = 0; x < width; x++) {
    // Turned by a quarter of a right angle, as no cloth lies straight.
    const u = (x * Math.cos(Math.PI / 8) + y * Math.sin(Math.PI / 8)) / period;
    const v = (y * Math.cos(Math.PI / 8) - x * Math.sin(Math.PI / 8)) / period;
    const isFront = u - Math.floor(u) < 0.5 !== v - Math.floor(v) < 0.5;
    data.set([...colours[isFront ? 0 : 1], 255], 4 * (y * width + x));
  }
}

const jpeg = encode({ data, width, height }, 70).data;
const record = { image: jpeg.toString('base64') };
const event = {
  version: '2.0',
  routeKey: '$default',
  rawPath: '/',
  rawQueryString: '',
  headers: { 'content-type': 'application/json', 'x-forwarded-proto': 'https' },
  requestContext: {
    accountId: 'anonymous',
    http: {
      method: 'POST',
      path: '/',
      protocol: 'HTTP/1.1',
      sourceIp: '203.0.113.7',
      userAgent: 'curl/8.14.1',
    },
    requestId: '11111111-2222-4333-8444-555555555555',
    routeKey: '$default',
    stage: '$default',
    timeEpoch: 1764363358000,
  },
  body: JSON.stringify(record),
  isBase64Encoded: false,
};

const write = (name: string, content: string | Uint8Array) =>
  writeFileSync(join(import.meta.dirname, name), content);
write('sample.jpg', jpeg);
write('record.json', `${JSON.stringify(record, null, 2)}\n`);
write('event.json', `${JSON.stringify(event, null, 2)}\n`);
