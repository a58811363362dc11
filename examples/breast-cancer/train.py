"""Trains the example's classifier and writes model.onnx and samples.csv beside this file.

    pip install -r requirements.txt && python train.py

Using the example needs none of this: both files are checked in.

samples.csv holds the 100 held-out rows: a column for each feature, under its name and in the order of the
model's input, then what scikit-learn answers, a column for each element of an output: `output_label`,
`output_probability[0]` and `output_probability[1]` (the class label stands in the brackets).
"""

import csv
from pathlib import Path

import numpy as np
import onnx
import onnxruntime
from onnx import TensorProto, helper
from sklearn.datasets import load_breast_cancer
from sklearn.ensemble import GradientBoostingClassifier
from sklearn.model_selection import train_test_split

HERE = Path(__file__).parent


def float32_at_most(value):
    """The greatest float32 that is not above `value`.

    scikit-learn compares float32 features with float64 thresholds. No float32 lies between a threshold and
    this one, so `x <= threshold` keeps its answer for every x; plain rounding could flip it.
    """
    rounded = np.float32(value)
    return rounded if rounded <= value else np.nextafter(rounded, np.float32(-np.inf))


def tree_attributes(classifier):
    """The fitted trees as the parallel lists of TreeEnsembleClassifier, a row for each node."""
    node_keys = ("treeids", "nodeids", "featureids", "modes", "values", "truenodeids", "falsenodeids")
    nodes = {key: [] for key in node_keys}
    leaves = {key: [] for key in ("treeids", "nodeids", "ids", "weights")}
    for tree_id, (regressor,) in enumerate(classifier.estimators_):
        tree = regressor.tree_
        for node_id in range(tree.node_count):
            is_leaf = tree.children_left[node_id] == tree.children_right[node_id]
            row = (
                tree_id,
                node_id,
                0 if is_leaf else tree.feature[node_id],
                "LEAF" if is_leaf else "BRANCH_LEQ",
                0.0 if is_leaf else float32_at_most(tree.threshold[node_id]),
                0 if is_leaf else tree.children_left[node_id],
                0 if is_leaf else tree.children_right[node_id],
            )
            for column, value in zip(nodes.values(), row):
                column.append(value)
            if is_leaf:
                weight = classifier.learning_rate * tree.value[node_id, 0, 0]
                for column, value in zip(leaves.values(), (tree_id, node_id, 0, weight)):
                    column.append(value)
    count = len(nodes["nodeids"])
    return {
        **{f"nodes_{key}": column for key, column in nodes.items()},
        "nodes_hitrates": [1.0] * count,
        "nodes_missing_value_tracks_true": [0] * count,
        **{f"class_{key}": column for key, column in leaves.items()},
    }


def to_onnx(classifier):
    """The graph that skl2onnx makes of a binary GradientBoostingClassifier, ZipMap and all."""
    labels = [int(label) for label in classifier.classes_]
    prior = classifier.init_.class_prior_[1]
    trees = helper.make_node(
        "TreeEnsembleClassifier",
        ["float_input"],
        ["label", "probabilities"],
        name="TreeEnsembleClassifier",
        domain="ai.onnx.ml",
        **tree_attributes(classifier),
        base_values=[float(np.log(prior / (1 - prior)))],
        classlabels_int64s=labels,
        post_transform="LOGISTIC",
    )
    cast = helper.make_node("Cast", ["label"], ["output_label"], name="Cast", to=TensorProto.INT64)
    zip_map = helper.make_node(
        "ZipMap",
        ["probabilities"],
        ["output_probability"],
        name="ZipMap",
        domain="ai.onnx.ml",
        classlabels_int64s=labels,
    )
    probability = helper.make_map_type_proto(
        TensorProto.INT64, helper.make_tensor_type_proto(TensorProto.FLOAT, None)
    )
    graph = helper.make_graph(
        [trees, cast, zip_map],
        "breast-cancer",
        [helper.make_tensor_value_info("float_input", TensorProto.FLOAT, ["N", classifier.n_features_in_])],
        [
            helper.make_tensor_value_info("output_label", TensorProto.INT64, ["N"]),
            helper.make_value_info("output_probability", helper.make_sequence_type_proto(probability)),
        ],
    )
    return helper.make_model(
        graph,
        producer_name="coldpress-example",
        ir_version=8,
        opset_imports=[helper.make_opsetid("", 9), helper.make_opsetid("ai.onnx.ml", 1)],
    )


def check_parity(classifier, rows):
    """Fails unless ONNX Runtime and scikit-learn agree; returns the greatest difference of a probability."""
    session = onnxruntime.InferenceSession(HERE / "model.onnx", providers=["CPUExecutionProvider"])
    label, probability = session.run(None, {"float_input": rows.astype(np.float32)})
    actual = np.array([[row[name] for name in classifier.classes_] for row in probability])
    expected = classifier.predict_proba(rows)
    np.testing.assert_array_equal(label, classifier.predict(rows))
    np.testing.assert_allclose(actual, expected, rtol=1e-5, atol=1e-6)
    return np.abs(actual - expected).max()


def write_samples(classifier, feature_names, rows):
    probability_names = [f"output_probability[{label}]" for label in classifier.classes_]
    with open(HERE / "samples.csv", "w", newline="") as file:
        writer = csv.writer(file, lineterminator="\n")
        writer.writerow([*feature_names, "output_label", *probability_names])
        answers = zip(rows, classifier.predict(rows), classifier.predict_proba(rows))
        for row, label, probability in answers:
            writer.writerow([*row.tolist(), int(label), *probability.tolist()])


def main():
    data = load_breast_cancer()
    train_rows, test_rows, train_labels, test_labels = train_test_split(
        data.data, data.target, test_size=100, stratify=data.target, random_state=7
    )
    classifier = GradientBoostingClassifier(random_state=7).fit(train_rows, train_labels)

    model = to_onnx(classifier)
    onnx.checker.check_model(model, full_check=True)
    onnx.save(model, HERE / "model.onnx")
    write_samples(classifier, data.feature_names, test_rows)

    difference = check_parity(classifier, test_rows)
    print(f"accuracy on {len(test_rows)} held-out rows: {classifier.score(test_rows, test_labels):.2f}")
    print(f"greatest difference from scikit-learn: {difference:.1e}")


if __name__ == "__main__":
    main()
