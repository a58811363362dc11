interface JsonTensor {
  name: string;
  datatype: string;
  shape: number[];
  data: number[];
}

/**
 * The same request with its FP32 tensors as bytes, by the Open Inference Protocol's binary extension: the JSON first,
 * whose length a header tells, the bytes after it; base64, as a Function URL passes on what is no text.
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
