"""Trains the example's classifier and writes model.onnx, tokenizer.json and samples.jsonl beside this file.

    pip install -r ../breast-cancer/requirements.txt && python train.py

Using the example needs none of this: the files are checked in.

The messages are generated: sentences of four topics from the tables below. The model is an embedding of 16
dimensions for each token (latent semantic analysis), their mean, and a linear classifier.
"""

import itertools
import json
import re
from collections import Counter
from pathlib import Path

import numpy as np
import onnx
import onnxruntime
from onnx import TensorProto, helper, numpy_helper
from sklearn.decomposition import TruncatedSVD
from sklearn.linear_model import LogisticRegression

HERE = Path(__file__).parent
WIDTH = 16

TOPICS = {
    "billing": (
        ["i was charged twice", "the invoice is wrong", "i want a refund", "my card was declined", "the price changed"],
        ["for this month", "after i cancelled", "although i paid", "and my bank shows it", "on the last bill"],
    ),
    "delivery": (
        ["my parcel has not arrived", "the package was damaged", "the courier left", "tracking shows nothing",
         "i got somebody else's order"],
        ["since monday", "although it was shipped", "at the wrong address", "without ringing", "after two weeks"],
    ),
    "technical": (
        ["the app crashes", "i see an error message", "the page does not load", "syncing fails", "the screen stays black"],
        ["after the update", "when i open it", "on my phone", "in every browser", "since i installed the new version"],
    ),
    "account": (
        ["i cannot log in", "i forgot my password", "please delete my profile", "my username is locked",
         "i want to change my email"],
        ["after three attempts", "and the reset link expired", "for my second account", "on the settings page",
         "because i moved"],
    ),
}
OPENINGS = ["", "hello, ", "hi there! ", "good morning, ", "please help: "]
CLOSINGS = ["", ".", ", thank you", "! can you help?", ". this is urgent"]


def messages():
    for label, (problems, details) in enumerate(TOPICS.values()):
        for opening, problem, detail, closing in itertools.product(OPENINGS, problems, details, CLOSINGS):
            yield f"{opening}{problem} {detail}{closing}", label


def split(text):
    """Lower case, words and punctuation: what the normalizer and pre-tokenizer of tokenizer.json do."""
    return re.findall(r"\w+|[^\w\s]", text.lower())


def make_vocabulary(texts):
    counts = Counter(word for text in texts for word in split(text))
    alphabet = [chr(code) for code in range(ord("!"), ord("~") + 1) if not chr(code).isupper()]
    endings = ["##ed", "##ing", "##ly", "##er"]
    words = sorted(word for word in counts if len(word) > 1)
    inside = [f"##{letter}" for letter in alphabet if letter.isalnum()]
    return {token: index for index, token in enumerate(["[PAD]", "[UNK]", *alphabet, *inside, *endings, *words])}


def tokenizer_json(vocabulary):
    special = {"single_word": False, "lstrip": False, "rstrip": False, "normalized": False, "special": True}
    return {
        "version": "1.0",
        "truncation": None,
        "padding": None,
        "added_tokens": [{"id": vocabulary[token], "content": token, **special} for token in ("[PAD]", "[UNK]")],
        "normalizer": {
            "type": "BertNormalizer",
            "clean_text": True,
            "handle_chinese_chars": True,
            "strip_accents": None,
            "lowercase": True,
        },
        "pre_tokenizer": {"type": "BertPreTokenizer"},
        "post_processor": None,
        "decoder": {"type": "WordPiece", "prefix": "##", "cleanup": True},
        "model": {
            "type": "WordPiece",
            "unk_token": "[UNK]",
            "continuing_subword_prefix": "##",
            "max_input_chars_per_word": 100,
            "vocab": vocabulary,
        },
    }


def tokenize(text, vocabulary):
    """WordPiece, https://arxiv.org/abs/1609.08144: the longest known piece first."""
    ids = []
    for word in split(text):
        pieces, start = [], 0
        while start < len(word):
            prefix = "##" if start else ""
            end = next((end for end in range(len(word), start, -1) if prefix + word[start:end] in vocabulary), None)
            if end is None:
                pieces = [vocabulary["[UNK]"]]
                break
            pieces.append(vocabulary[prefix + word[start:end]])
            start = end
        ids += pieces
    return ids


def mean_counts(token_ids, size):
    counts = np.zeros((len(token_ids), size))
    for row, ids in enumerate(token_ids):
        np.add.at(counts[row], ids, 1 / len(ids))
    return counts


def to_onnx(embedding, classifier):
    """Mean of the unmasked tokens' embeddings, as `torch.nn.EmbeddingBag` has it, then the classifier."""
    weights = {
        "embedding.weight": embedding.astype(np.float32),
        "classifier.weight": classifier.coef_.astype(np.float32),
        "classifier.bias": classifier.intercept_.astype(np.float32),
        "last": np.array([-1], np.int64),
        "tokens": np.array([1], np.int64),
        "one": np.array(1, np.float32),
    }
    nodes = [
        helper.make_node("Gather", ["embedding.weight", "input_ids"], ["embedded"]),
        helper.make_node("Cast", ["attention_mask"], ["mask"], to=TensorProto.FLOAT),
        helper.make_node("Unsqueeze", ["mask", "last"], ["column"]),
        helper.make_node("Mul", ["embedded", "column"], ["masked"]),
        helper.make_node("ReduceSum", ["masked", "tokens"], ["sum"], keepdims=0),
        helper.make_node("ReduceSum", ["mask", "tokens"], ["count"], keepdims=1),
        helper.make_node("Max", ["count", "one"], ["divisor"]),
        helper.make_node("Div", ["sum", "divisor"], ["mean"]),
        helper.make_node("Gemm", ["mean", "classifier.weight", "classifier.bias"], ["logits"], transB=1),
        helper.make_node("Softmax", ["logits"], ["probabilities"], axis=-1),
    ]
    inputs = [
        helper.make_tensor_value_info(name, TensorProto.INT64, ["N", "sequence"])
        for name in ("input_ids", "attention_mask")
    ]
    outputs = [helper.make_tensor_value_info("probabilities", TensorProto.FLOAT, ["N", len(TOPICS)])]
    initializers = [numpy_helper.from_array(array, name) for name, array in weights.items()]
    graph = helper.make_graph(nodes, "tickets", inputs, outputs, initializers)
    return helper.make_model(
        graph, producer_name="coldpress-example", ir_version=8, opset_imports=[helper.make_opsetid("", 17)]
    )


def write_samples(token_ids, expected):
    """Some messages with scikit-learn's answers: `coldpress pack` compares the pressed model's with them."""
    length = max(map(len, token_ids))
    with open(HERE / "samples.jsonl", "w") as file:
        for ids, probabilities in zip(token_ids, expected):
            padding = length - len(ids)
            row = {
                "input_ids": ids + [0] * padding,
                "attention_mask": [1] * len(ids) + [0] * padding,
                "probabilities": [round(value, 6) for value in probabilities.tolist()],
            }
            file.write(json.dumps(row) + "\n")


def main():
    texts, labels = map(list, zip(*messages()))
    vocabulary = make_vocabulary(texts)
    (HERE / "tokenizer.json").write_text(json.dumps(tokenizer_json(vocabulary), indent=1) + "\n")

    token_ids = [tokenize(text, vocabulary) for text in texts]
    counts = mean_counts(token_ids, len(vocabulary))
    embedding = TruncatedSVD(WIDTH, random_state=7).fit(counts).components_.T
    classifier = LogisticRegression(C=1000, max_iter=1000).fit(counts @ embedding, labels)

    model = to_onnx(embedding, classifier)
    onnx.checker.check_model(model, full_check=True)
    onnx.save(model, HERE / "model.onnx")

    some = range(0, len(texts), 79)
    expected = classifier.predict_proba(counts[some] @ embedding)
    write_samples([token_ids[index] for index in some], expected)
    session = onnxruntime.InferenceSession(HERE / "model.onnx", providers=["CPUExecutionProvider"])
    for index, answer in zip(some, expected):
        ids = np.array([token_ids[index]])
        (actual,) = session.run(None, {"input_ids": ids, "attention_mask": np.ones_like(ids)})
        np.testing.assert_allclose(actual[0], answer, rtol=1e-3, atol=1e-5)
    print(f"accuracy on its own messages: {classifier.score(counts @ embedding, labels):.2f}")


if __name__ == "__main__":
    main()
