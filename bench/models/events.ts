import { randomNumbers } from './random.ts';

export interface RequestInput {
  name: string;
  datatype: 'FP32' | 'INT64';
  shape: number[];
  data: number[];
}

const SENTENCE_TOKENS = 64;
/** BERT's vocabulary begins with unused and special tokens; words start here. */
const FIRST_WORD = 1000;

/** One image: pixels from 0 to 255, about 540 KB of JSON. */
export function imageInputs(seed: number): RequestInput[] {
  const random = randomNumbers(seed);
  const data = Array.from({ length: 3 * 224 * 224 }, () => Math.floor(256 * random()));
  return [{ name: 'input', datatype: 'FP32', shape: [1, 3, 224, 224], data }];
}

/** One sentence of 64 tokens. */
export function sentenceInputs(seed: number): RequestInput[] {
  const random = randomNumbers(seed);
  const shape = [1, SENTENCE_TOKENS];
  const ids = Array.from({ length: SENTENCE_TOKENS }, () => FIRST_WORD + Math.floor(29000 * random()));
  return [
    { name: 'input_ids', datatype: 'INT64', shape, data: ids },
    { name: 'attention_mask', datatype: 'INT64', shape, data: ids.map(() => 1) },
  ];
}

/** The Function URL event (payload 2.0) that posts `inputs` to the model's Open Inference Protocol route. */
export function inferEvent(name: string, inputs: RequestInput[]): object {
  const path = `/v2/models/${name}/infer`;
  return {
    version: '2.0',
    routeKey: '$default',
    rawPath: path,
    rawQueryString: '',
    headers: { 'content-type': 'application/json', 'x-forwarded-proto': 'https' },
    requestContext: {
      accountId: 'anonymous',
      http: { method: 'POST', path, protocol: 'HTTP/1.1', sourceIp: '203.0.113.7', userAgent: 'bench' },
      requestId: '11111111-2222-4333-8444-555555555555',
      routeKey: '$default',
      stage: '$default',
      timeEpoch: 0,
    },
    body: JSON.stringify({ inputs }),
    isBase64Encoded: false,
  };
}
