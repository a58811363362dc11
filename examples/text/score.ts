import { Tokenizer } from '@huggingface/tokenizers';
import { asset, defineScore, tensor } from 'coldpress/runtime';
import * as v from 'valibot';
import type { Model } from './model.onnx.d.ts';

/** In the order of the model's output; `train.py` has the messages that it learnt them from. */
const TOPICS = ['billing', 'delivery', 'technical', 'account'] as const;

/** What comes behind it says nothing new; it bounds the work of a message, too. */
const MAX_TOKENS = 128;

// At the top, so that reading and parsing it lies in INIT.
const tokenizer = new Tokenizer(JSON.parse(asset('tokenizer.json').toString()), {});

export default defineScore<Model>()({
  record: v.object({ text: v.pipe(v.string(), v.trim(), v.nonEmpty(), v.maxLength(10_000)) }),

  encode: records => {
    const tokens: number[][] = records.map(({ text }) => tokenizer.encode(text).ids.slice(0, MAX_TOKENS));
    const shape = [records.length, Math.max(1, ...tokens.map(ids => ids.length))] as const;
    const ids = new BigInt64Array(shape[0] * shape[1]);
    const mask = new BigInt64Array(ids.length);
    for (const [row, list] of tokens.entries()) {
      ids.set(list.map(BigInt), row * shape[1]);
      mask.fill(1n, row * shape[1], row * shape[1] + list.length);
    }
    return { input_ids: tensor('INT64', shape, ids), attention_mask: tensor('INT64', shape, mask) };
  },

  decode: (outputs, records) =>
    records.map((_, row) => {
      const start = row * TOPICS.length;
      const scores = outputs.probabilities.data.subarray(start, start + TOPICS.length);
      const best = scores.indexOf(Math.max(...scores));
      return { topic: TOPICS[best], probability: scores[best] };
    }),
});
