import { ColdpressError } from '../errors.ts';

/** ONNX Runtime cannot run the model; another engine may. */
export class EngineRefusedError extends ColdpressError {}

const MISSING_KERNEL = /(?:Could not find an implementation|Failed to find kernel) for ([\w.]+)\((\d+)\)/;

/** ONNX Runtime's messages when it cannot open a model, each by a pattern that identifies the cause. */
const PATTERNS: { pattern: RegExp; code: string; explain(match: RegExpMatchArray): string; hint: string }[] =
  [
    {
      // ONNX-ML operators have such version numbers at any opset.
      pattern:
        /Could not find an implementation for (?!ArrayFeature|Binarizer|Imputer|LabelEncoder|Linear|Normalizer|OneHotEncoder|SVM|Scaler|TreeEnsemble|ZipMap)([\w.]+)\(([1-6])\)/,
      code: 'OPSET_TOO_OLD',
      explain: ([, operator, opset]) => `ONNX Runtime has no CPU kernel for ${operator} at opset ${opset}`,
      hint: 'export it again, or convert it: onnx.version_converter.convert_version(model, 13)',
    },
    {
      pattern: MISSING_KERNEL,
      code: 'OPERATOR_UNSUPPORTED',
      explain: ([, operator, opset]) =>
        `ONNX Runtime has no CPU kernel for ${operator} of opset ${opset} with these types`,
      hint: 'export with an older opset_version, or do that step in the score handler',
    },
    {
      pattern: /No Op registered for (\w+) with domain_version of (\d+)/,
      code: 'OPSET_UNSUPPORTED',
      explain: ([, operator, opset]) => `ONNX Runtime does not know ${operator} of opset ${opset}`,
      hint: 'export with an older opset_version',
    },
    {
      pattern: /Fatal error: ([\w.:]+)\(-?\d+\) is not a registered function/,
      code: 'CUSTOM_OPERATOR',
      explain: ([, operator]) => `ONNX Runtime has no operator ${operator}`,
      hint: 'export without custom operators, or add it to the model as an ONNX function',
    },
    {
      pattern: /Unsupported data type: (\d+)/,
      code: 'TYPE_UNSUPPORTED',
      explain: ([, type]) => `ONNX Runtime's Node binding cannot pass tensors of ONNX type ${type}`,
      hint: 'cast it to float or int8 at the edge of the model',
    },
    {
      pattern: /Non tensor type is temporarily not supported/,
      code: 'OUTPUT_UNSUPPORTED',
      explain: () => "ONNX Runtime's Node binding can return nothing but tensors",
      hint: 'export the model so that its inputs and outputs are tensors',
    },
    {
      pattern: /Failed to construct locale with name:?\s*([\w.@-]+)/,
      code: 'LOCALE_MISSING',
      explain: ([, locale]) =>
        `a StringNormalizer needs the locale ${locale}, which the platform does not have`,
      hint: 'export it with locale="C.UTF-8"',
    },
    {
      pattern: /in Node, \("([^"]*)", (\w+),/i,
      code: 'MODEL_INVALID',
      explain: ([, name, operator]) => `ONNX Runtime finds the operator ${operator} "${name}" invalid`,
      hint: 'export the model again; `python -m onnx.checker` says more',
    },
  ];

/** Returns the operator for which ONNX Runtime has no kernel, if that is why it does not open a model. */
export function lackingKernel(message: string): string | undefined {
  return MISSING_KERNEL.exec(message)?.[1];
}

const WRONG_TYPE =
  /Type \(tensor\(\w+\)\) of output arg \(([^)]*)\) of node \([^)]*\) does not match expected type \(tensor\((\w+)\)\)/;

/** Returns the value whose declared element type is wrong, and the right type as ONNX Runtime spells it. */
export function mistypedValue(message: string): { name: string; type: string } | undefined {
  const [, name, type] = WRONG_TYPE.exec(message) ?? [];
  return name === undefined || type === undefined ? undefined : { name, type };
}

/** Turns ONNX Runtime's message about a model it cannot open or run into an error with the operator, type or opset. */
export function explainEngineError(message: string): EngineRefusedError {
  for (const { pattern, code, explain, hint } of PATTERNS) {
    const match = message.match(pattern);
    if (match !== null) {
      return new EngineRefusedError(code, explain(match), { hint, cause: new Error(message) });
    }
  }
  return new EngineRefusedError('MODEL_REFUSED', `ONNX Runtime refuses the model: ${engineReason(message)}`, {
    hint: '`coldpress inspect` shows what the model is; `python -m onnx.checker` checks it',
    cause: new Error(message),
  });
}

/** A place in ONNX Runtime's source, and the check that failed there: the reason, if there is one, follows them. */
const SOURCE_PLACE = /\/\S+\.(?:cc|cpp|h|hpp):\d+ (?:.* was false\. *(?=\S))?/s;
const mostReasonCharacters = 300;

/** Returns the reason in a message of ONNX Runtime, without where in its source it was found. */
export function engineReason(message: string): string {
  const reason = message.trim().replace(SOURCE_PLACE, '');
  return reason.length > mostReasonCharacters ? `${reason.slice(0, mostReasonCharacters)}…` : reason;
}
