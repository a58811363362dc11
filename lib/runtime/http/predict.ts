import { RequestError } from '../errors.ts';
import { show } from '../tensor/show.ts';
import type { Exchange } from './endpoint.ts';
import type { Loaded } from './loaded.ts';
import { json } from './respond.ts';
import type { HttpResponse } from './types.ts';

/**
 * Answers `{"instances": […]}` with `{"predictions": […]}`, like TensorFlow Serving and Vertex AI. If the model has one
 * named output, a prediction is just its value.
 * https://www.tensorflow.org/tfx/serving/api_rest#predict_api
 */
export async function predict(
  exchange: Exchange,
  body: unknown,
  { scoreAll, requestedOutputs }: Loaded,
): Promise<HttpResponse> {
  const results = await scoreAll(exchange, readInstances(body));
  const isAlone = requestedOutputs(exchange).length === 0;
  const onlyOutput = isAlone ? exchange.endpoint.onlyOutput : undefined;
  const predictions =
    onlyOutput === undefined
      ? results
      : results.map(result => (result as Record<string, unknown>)[onlyOutput]);
  return json(200, { predictions });
}

/** @throws RequestError 400 */
function readInstances(body: unknown): unknown[] {
  const instances =
    typeof body === 'object' && body !== null && 'instances' in body ? body.instances : undefined;
  if (!Array.isArray(instances)) {
    throw new RequestError(
      400,
      'INSTANCES',
      `"instances" is ${show(instances)}; expected an array of records`,
    );
  }
  return instances;
}
