import type { StandardJSONSchemaV1 } from '@standard-schema/spec';
import { type DatatypeCodec, datatypes } from '../../contract/datatypes.ts';
import type { Datatype, InputSpec, TensorSpec } from '../../contract/manifest.ts';
import { isOpen, rowShape } from '../../contract/signature.ts';
import type { Endpoint } from './endpoint.ts';

const text = { type: 'string' };
const parameters = { type: 'object' };
const ref = (name: string) => ({ $ref: `#/components/schemas/${name}` });
const list = (items: object) => ({ type: 'array', items });

/** Returns the schemas of the routes' bodies, by the names that routes use. */
export function openApiSchemas({ model, record }: Endpoint): Record<string, object> {
  const { inputs, outputs } = model.signature;
  const spelled = object({ name: text, datatype: text, shape: list({ type: 'integer', minimum: -1 }) });
  return {
    Record: jsonSchemaOf(record) ?? defaultRecord(inputs, model.manifest.features),
    Records: { anyOf: [ref('Record'), list(ref('Record'))] },
    Result: {},
    Results: { anyOf: [ref('Result'), list(ref('Result'))] },
    Instances: object({ instances: list(ref('Record')) }),
    Predictions: object({ predictions: list(ref('Result')) }),
    Invocation: { anyOf: [ref('Records'), ref('Instances'), ref('InferRequest')] },
    InferRequest: object(
      { inputs: tensors(inputs) },
      { id: text, parameters, outputs: list(object({ name: text }, { parameters })) },
    ),
    InferResponse: object({ model_name: text, model_version: text, outputs: tensors(outputs) }, { id: text }),
    Server: object({ name: text, version: text, extensions: list(text) }),
    Model: object({
      name: text,
      versions: list(text),
      platform: text,
      inputs: list(spelled),
      outputs: list(spelled),
    }),
    Models: object({ models: list(text) }),
    ModelStatus: object({
      name: text,
      ready: { type: 'boolean' },
      model_version_status: list({ type: 'object' }),
    }),
    Health: { type: 'object' },
    Error: object({ error: text }),
  };
}

function object(properties: Record<string, object>, optional: Record<string, object> = {}): object {
  return { type: 'object', properties: { ...properties, ...optional }, required: Object.keys(properties) };
}

/** Returns a record's JSON Schema, if its library implements https://standardschema.dev/json-schema. */
function jsonSchemaOf(record: Endpoint['record']): object | undefined {
  try {
    const standard = (record as Partial<StandardJSONSchemaV1> | undefined)?.['~standard'];
    return record === undefined
      ? undefined
      : (standard?.jsonSchema?.input({ target: 'draft-2020-12' }) ?? {});
  } catch {
    // The library cannot express this schema as JSON Schema, so the document allows anything.
    return {};
  }
}

/** Describes the records of the default score; see `lib/runtime/score/default-score.ts`. */
function defaultRecord(inputs: InputSpec[], features: string[] | undefined): object {
  const value = (spec: InputSpec) =>
    spec.category
      ? { type: ['string', 'number', 'boolean', 'null'] }
      : nested(spec.datatype, rowShape(spec)?.length ?? 0);
  const isOptional = (spec: InputSpec) =>
    spec.optional || spec.category || (spec.mayBeMissing && rowShape(spec)?.length === 0) || false;
  const fieldsOf = (specs: InputSpec[]) => Object.fromEntries(specs.map(spec => [spec.name, value(spec)]));
  const byInput = object(
    fieldsOf(inputs.filter(spec => !isOptional(spec))),
    fieldsOf(inputs.filter(isOptional)),
  );
  const [only] = inputs;
  if (inputs.length !== 1 || only === undefined) {
    return byInput;
  }
  const fields = Object.fromEntries((features ?? []).map(name => [name, field(only.datatype)]));
  const byFeature = datatypes[only.datatype].json === 'float' ? object({}, fields) : object(fields);
  return { anyOf: [...(features === undefined ? [] : [byFeature]), byInput, value(only)] };
}

function nested(datatype: Datatype, depth: number): object {
  return depth <= 0 ? field(datatype) : list(nested(datatype, depth - 1));
}

/** Describes a value of a record; a float may be missing. The text spellings of other values are omitted. */
function field(datatype: Datatype): object {
  const one = element(datatype);
  return datatypes[datatype].json === 'float' ? { anyOf: [one, { type: 'null' }] } : one;
}

function tensors(specs: TensorSpec[]): object {
  const dimension = (size: number | string) =>
    isOpen(size) ? { type: 'integer', minimum: 0 } : { const: size };
  const one = ({ name, datatype, shape }: TensorSpec) =>
    object(
      {
        name: { const: name },
        datatype: { const: datatype },
        shape:
          shape === null
            ? list({ type: 'integer', minimum: 0 })
            : { type: 'array', prefixItems: shape.map(dimension), items: false },
      },
      {
        parameters,
        data: {
          description: 'flat or nested, row-major',
          ...list({ anyOf: [element(datatype), { type: 'array' }] }),
        },
      },
    );
  return specs.length === 0 ? { type: 'array', maxItems: 0 } : list({ anyOf: specs.map(one) });
}

/** The spellings in docs/values.md. */
const elements: Record<DatatypeCodec['json'], object> = {
  boolean: { type: 'boolean' },
  integer: { type: 'integer' },
  bigint: { type: ['integer', 'string'], pattern: '^-?\\d{1,20}$' },
  float: { anyOf: [{ type: 'number' }, { enum: ['NaN', 'Infinity', '-Infinity'] }] },
  string: { type: 'string' },
};

function element(datatype: Datatype): object {
  const { json, min, max } = datatypes[datatype];
  return json === 'integer' ? { type: 'integer', minimum: min, maximum: max } : elements[json];
}
