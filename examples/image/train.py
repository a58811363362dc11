"""Trains the example's classifier and writes model.onnx beside this file.

    pip install -r ../breast-cancer/requirements.txt && python train.py

Using the example needs none of this: the file is checked in.

The pictures are generated: patterns of cloth, in two colours with some noise. The model is one layer of fixed
convolutions, edges and spots of several sizes and directions, whose mean strengths a linear classifier weighs.
"""

from pathlib import Path

import numpy as np
import onnx
import onnxruntime
from onnx import TensorProto, helper, numpy_helper
from sklearn.linear_model import LogisticRegression

HERE = Path(__file__).parent
SIZE = 64
KERNEL = 9
PATTERNS = ["plain", "stripes", "checks", "dots"]


def draw(pattern, random):
    """A picture as [3, SIZE, SIZE], from 0 to 1; the position of `pattern` in PATTERNS is its class."""
    period = random.uniform(8, 20)
    angle = random.uniform(0, np.pi)
    y, x = np.mgrid[0:SIZE, 0:SIZE] + random.uniform(0, period, (2, 1, 1))
    u = (x * np.cos(angle) + y * np.sin(angle)) / period
    v = (y * np.cos(angle) - x * np.sin(angle)) / period
    inside = {
        "plain": np.zeros_like(x),
        "stripes": u % 1 < 0.5,
        "checks": (u % 1 < 0.5) ^ (v % 1 < 0.5),
        "dots": np.hypot(u % 1 - 0.5, v % 1 - 0.5) < 0.3,
    }[pattern]
    front, back = random.uniform(0, 1, (2, 3, 1, 1))
    while np.abs(front - back).sum() < 0.8:
        front, back = random.uniform(0, 1, (2, 3, 1, 1))
    picture = np.where(inside, front, back) + random.normal(0, 0.02, (3, SIZE, SIZE))
    return np.clip(picture, 0, 1).astype(np.float32)


def make_filters():
    """Gabor filters and their like for each colour: https://en.wikipedia.org/wiki/Gabor_filter"""
    y, x = np.mgrid[0:KERNEL, 0:KERNEL] - KERNEL // 2
    window = np.exp(-(x**2 + y**2) / (2 * 2.5**2))
    shapes = []
    for angle in np.arange(4) * np.pi / 4:
        along = x * np.cos(angle) + y * np.sin(angle)
        across = y * np.cos(angle) - x * np.sin(angle)
        shapes += [np.sin(along * 0.8), np.cos(along * 1.2), np.sin(along * 0.8) * np.sin(across * 0.8)]
    filters = []
    for shape in shapes:
        kernel = shape * window
        kernel -= window * kernel.sum() / window.sum()
        for colour in range(3):
            weight = np.zeros((3, KERNEL, KERNEL))
            weight[colour] = kernel / np.abs(kernel).sum()
            # A filter and its opposite, as what is below zero is cut off.
            filters += [weight, -weight]
    return np.array(filters, np.float32)


def feature_nodes():
    """Strength and variation of each filter's answer over the picture."""
    return [
        helper.make_node("Conv", ["image", "filters"], ["edges"], strides=[2, 2]),
        helper.make_node("Relu", ["edges"], ["strengths"]),
        helper.make_node("GlobalAveragePool", ["strengths"], ["mean"]),
        helper.make_node("Mul", ["strengths", "strengths"], ["squares"]),
        helper.make_node("GlobalAveragePool", ["squares"], ["mean_square"]),
        helper.make_node("Sqrt", ["mean_square"], ["spread"]),
        helper.make_node("Concat", ["mean", "spread"], ["pooled"], axis=1),
        helper.make_node("Flatten", ["pooled"], ["features"]),
    ]


def make_model(nodes, weights, output, width):
    graph = helper.make_graph(
        nodes,
        "cloth",
        [helper.make_tensor_value_info("image", TensorProto.FLOAT, ["N", 3, SIZE, SIZE])],
        [helper.make_tensor_value_info(output, TensorProto.FLOAT, ["N", width])],
        [numpy_helper.from_array(array, name) for name, array in weights.items()],
    )
    return helper.make_model(
        graph, producer_name="coldpress-example", ir_version=8, opset_imports=[helper.make_opsetid("", 17)]
    )


def run(model, pictures):
    session = onnxruntime.InferenceSession(model.SerializeToString(), providers=["CPUExecutionProvider"])
    return session.run(None, {"image": pictures})[0]


def main():
    random = np.random.default_rng(7)
    labels = np.arange(2400) % len(PATTERNS)
    pictures = np.array([draw(PATTERNS[label], random) for label in labels])
    weights = {"filters": make_filters()}
    features = run(make_model(feature_nodes(), weights, "features", 2 * len(weights["filters"])), pictures)

    train, test = slice(0, 2000), slice(2000, None)
    scale = features[train].std(axis=0)
    classifier = LogisticRegression(C=10, max_iter=5000).fit(features[train] / scale, labels[train])
    weights["classifier.weight"] = (classifier.coef_ / scale).astype(np.float32)
    weights["classifier.bias"] = classifier.intercept_.astype(np.float32)
    nodes = [
        *feature_nodes(),
        helper.make_node("Gemm", ["features", "classifier.weight", "classifier.bias"], ["logits"], transB=1),
        helper.make_node("Softmax", ["logits"], ["probabilities"], axis=-1),
    ]
    model = make_model(nodes, weights, "probabilities", len(PATTERNS))
    onnx.checker.check_model(model, full_check=True)
    onnx.save(model, HERE / "model.onnx")

    expected = classifier.predict_proba(features[test] / scale)
    actual = run(model, pictures[test])
    np.testing.assert_allclose(actual, expected, rtol=1e-2, atol=1e-4)
    accuracy = (actual.argmax(axis=1) == labels[test]).mean()
    print(f"accuracy on {len(actual)} held-out pictures: {accuracy:.2f}")


if __name__ == "__main__":
    main()
