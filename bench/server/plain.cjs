// The server that most developers would write: express, onnxruntime-node, one run per request.
const express = require('express');
const ort = require('onnxruntime-node');

const app = express();
app.use(express.json({ limit: '32mb' }));

const opened = ort.InferenceSession.create(`${__dirname}/model.onnx`);

app.post('/infer', async (request, response) => {
  const session = await opened;
  const feeds = {};
  for (const { name, shape, data } of request.body.inputs) {
    feeds[name] = new ort.Tensor('float32', Float32Array.from(data.flat()), shape);
  }
  const results = await session.run(feeds);
  const outputs = session.outputNames.map(name => ({
    name,
    shape: results[name].dims,
    data: Array.from(results[name].data, Number),
  }));
  response.json({ outputs });
});

app.listen(Number(process.env.PORT), '127.0.0.1');
