/**
 * The function that coldpress is measured against: what onnxruntime-node's own examples lead to. It takes the same
 * requests: Open Inference Protocol tensors, or one record. A record's values are taken in the order they come,
 * which spares this function the list of features that it would need to be right.
 */
const path = require('node:path');
const ort = require('onnxruntime-node');

let session;

exports.handler = async event => {
  session ??= await ort.InferenceSession.create(path.join(__dirname, 'model.onnx'));
  const body = event.isBase64Encoded ? Buffer.from(event.body, 'base64').toString() : event.body;
  const results = await session.run(readFeeds(JSON.parse(body)));
  const outputs = session.outputNames.map(name => {
    const { dims, data } = results[name];
    return { name, shape: dims, data: Array.from(data, Number) };
  });
  return {
    statusCode: 200,
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({ outputs }),
  };
};

function readFeeds(request) {
  if (request.inputs === undefined) {
    const row = Float32Array.from(Object.values(request));
    return { [session.inputNames[0]]: new ort.Tensor('float32', row, [1, row.length]) };
  }
  return Object.fromEntries(
    request.inputs.map(({ name, datatype, shape, data }) => {
      const tensor =
        datatype === 'INT64'
          ? new ort.Tensor('int64', BigInt64Array.from(data, BigInt), shape)
          : new ort.Tensor('float32', Float32Array.from(data), shape);
      return [name, tensor];
    }),
  );
}
