import type * as Onnxruntime from 'onnxruntime-node';

interface Event {
  headers?: Record<string, string>;
  body: string;
  isBase64Encoded?: boolean;
}

interface InputTensor {
  name: string;
  datatype: string;
  shape: number[];
  data?: (number | string | boolean)[];
  parameters?: { binary_data_size: number };
}

/**
 * The function that coldpress is measured against, written as in onnxruntime-node's own examples. It accepts the same
 * requests: Open Inference Protocol tensors as JSON or binary, or one record. It reads a record's values in their order
 * of appearance, so it needs no list of features.
 *
 * The function is written to a CommonJS module as text, so it must not refer to anything outside itself.
 */
export function naiveHandler(require: NodeJS.Require, dirname: string) {
  const begun = process.uptime();
  const ort: typeof Onnxruntime = require('onnxruntime-node');
  const timing = [['native', (process.uptime() - begun) * 1000]] as [string, number][];
  // Maps the protocol's datatypes to those of onnxruntime-node.
  const types: Record<string, [string, (data: Iterable<never>) => unknown]> = {
    FP32: ['float32', data => Float32Array.from(data)],
    FP64: ['float64', data => Float64Array.from(data)],
    INT64: ['int64', data => BigInt64Array.from(data, BigInt)],
    INT32: ['int32', data => Int32Array.from(data)],
    INT8: ['int8', data => Int8Array.from(data)],
    UINT8: ['uint8', data => Uint8Array.from(data)],
    BOOL: ['bool', data => Uint8Array.from(data, Number)],
    BYTES: ['string', data => Array.from(data, String)],
  };
  let session: Onnxruntime.InferenceSession | undefined;

  async function timed<T>(name: string, work: () => Promise<T>): Promise<T> {
    const start = process.uptime();
    const result = await work();
    timing.push([name, (process.uptime() - start) * 1000]);
    return result;
  }

  function makeTensor({ datatype, shape, data }: InputTensor, bytes: Buffer | undefined) {
    const [type, convert] = types[datatype] as [string, (data: unknown) => unknown];
    // Only numbers are sent as bytes here, and the examples only have FP32.
    const values =
      bytes === undefined ? convert(data) : new Float32Array(new Uint8Array(bytes).buffer as ArrayBuffer);
    return new ort.Tensor(type as 'float32', values as Float32Array, shape);
  }

  function readFeeds(event: Event, inputName: string): Record<string, Onnxruntime.Tensor> {
    const body = Buffer.from(event.body, event.isBase64Encoded ? 'base64' : 'utf8');
    const jsonLength = event.headers?.['inference-header-content-length'];
    let offset = jsonLength === undefined ? body.length : Number(jsonLength);
    const request = JSON.parse(body.subarray(0, offset).toString());
    if (request.inputs === undefined) {
      const row = Float32Array.from(Object.values(request) as number[]);
      return { [inputName]: new ort.Tensor('float32', row, [1, row.length]) };
    }
    const feeds: Record<string, Onnxruntime.Tensor> = {};
    for (const input of request.inputs as InputTensor[]) {
      const size = input.parameters?.binary_data_size;
      feeds[input.name] = makeTensor(
        input,
        size === undefined ? undefined : body.subarray(offset, offset + size),
      );
      offset += size ?? 0;
    }
    return feeds;
  }

  return async (event: Event) => {
    const path = `${dirname}/model.onnx`;
    session ??= await timed('model-on-request', () => ort.InferenceSession.create(path));
    const open = session;
    const feeds = readFeeds(event, open.inputNames[0]!);
    const results = await (timing.some(([name]) => name === 'first')
      ? open.run(feeds)
      : timed('first', () => open.run(feeds)));
    const outputs = open.outputNames.map(name => {
      const { dims, data } = results[name]!;
      return { name, shape: dims, data: Array.from(data as Iterable<unknown>, Number) };
    });
    const serverTiming = timing.map(([name, ms]) => `${name};dur=${ms.toFixed(2)}`).join(', ');
    return {
      statusCode: 200,
      headers: { 'content-type': 'application/json', 'server-timing': serverTiming },
      body: JSON.stringify({ outputs }),
    };
  };
}
