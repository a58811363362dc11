interface JsonTensor {
  name: string;
  datatype: string;
  shape: number[];
  data: number[];
}

/**
 * Converts a request's FP32 tensors to bytes, with the Open Inference Protocol's binary extension: first the JSON,
 * whose length is in a header, then the bytes. The body is in base64, as Function URLs pass on anything but text.
 */
export function toBinaryEvent<E extends { body: string; headers: Record<string, string> }>(event: E): E {
  const { inputs } = JSON.parse(event.body) as { inputs: JsonTensor[] };
  const parts = inputs.map(({ data }) => Buffer.from(new Float32Array(data).buffer));
  const described = inputs.map(({ data: _, ...tensor }, index) => ({
    ...tensor,
    parameters: { binary_data_size: parts[index]!.length },
  }));
  const json = Buffer.from(JSON.stringify({ inputs: described }));
  return {
    ...event,
    headers: {
      ...event.headers,
      'content-type': 'application/octet-stream',
      'inference-header-content-length': String(json.length),
    },
    body: Buffer.concat([json, ...parts]).toString('base64'),
    isBase64Encoded: true,
  };
}
