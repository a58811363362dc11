import { toJsonData } from '../tensor/encode.ts';
import { negotiateType } from './accept.ts';
import { answerLimit } from './answer-limit.ts';
import { bodyType, typeParameter } from './content-type.ts';
import { corsHeaders } from './cors.ts';
import { count } from './count.ts';
import { refuseDelivery } from './deliveries.ts';
import { parseJson, tooManyValues } from './json-limits.ts';
import { isJsonLines, jsonOnly, jsonOrLines, linesTypes } from './media-types.ts';
import { answerInfer, runInference } from './open-inference.ts';
import { bodyText, readBody } from './read-body.ts';
import { answerRecords, readJson, scoreAll, scoreBody, tooManyRecords } from './records.ts';
import { requestedOutputs } from './requested-outputs.ts';

/** Functions of the bundle that the chunk `http/others` uses, so that it does not include them again. */
export const loaded = {
  answerInfer,
  answerLimit,
  answerRecords,
  bodyText,
  bodyType,
  corsHeaders,
  count,
  isJsonLines,
  jsonOnly,
  jsonOrLines,
  linesTypes,
  negotiateType,
  parseJson,
  readBody,
  readJson,
  refuseDelivery,
  requestedOutputs,
  runInference,
  scoreAll,
  scoreBody,
  toJsonData,
  tooManyRecords,
  tooManyValues,
  typeParameter,
};

export type Loaded = typeof loaded;
