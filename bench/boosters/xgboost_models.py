"""Trains XGBoost models over boosters, objectives, categories, missing values and sizes, for `corpus.ts` to compare with.

    python3 -m venv venv && venv/bin/pip install xgboost pandas
    venv/bin/python bench/boosters/xgboost_models.py FOLDER [COUNT] [SEED]
    node bench/boosters/corpus.ts FOLDER

Also with the version that Debian packages: `apt-get install python3-xgboost python3-pandas`.
"""
import sys
from pathlib import Path

import numpy as np
import pandas as pd
import xgboost as xgb

OBJECTIVES = [
    "reg:squarederror", "reg:squaredlogerror", "reg:pseudohubererror", "reg:absoluteerror", "reg:logistic",
    "binary:logistic", "binary:logitraw", "binary:hinge", "multi:softmax", "multi:softprob", "count:poisson",
    "reg:gamma", "reg:tweedie", "survival:cox", "survival:aft", "rank:pairwise", "rank:ndcg", "rank:map",
]
VERSION = tuple(int(part) for part in xgb.__version__.split(".")[:2])
if VERSION >= (2, 0):
    OBJECTIVES.append("reg:quantileerror")
if VERSION >= (3, 3):
    OBJECTIVES.append("reg:expectileerror")
BOOSTERS = ["gbtree", "gbtree", "gbtree", "dart", "gblinear", "forest", "targets"]


def target_of(objective, noise):
    """What a model of the objective can learn."""
    if objective in ("binary:logistic", "binary:logitraw", "binary:hinge", "rank:map"):
        return (noise > np.median(noise)).astype(int)
    if objective.startswith("multi:"):
        return pd.qcut(noise, 3, labels=False)
    if objective == "reg:logistic":
        return 1 / (1 + np.exp(-noise))
    if objective.startswith("rank:"):
        return pd.qcut(noise, 4, labels=False)
    if objective == "count:poisson":
        return np.exp(noise / 4).round()
    if objective in ("reg:gamma", "reg:tweedie", "reg:squaredlogerror", "survival:cox", "survival:aft"):
        return np.exp(noise / 4).clip(0.1)
    return noise


def make(seed, folder):
    rng = np.random.default_rng(seed)
    objective = OBJECTIVES[seed % len(OBJECTIVES)]
    kind = str(rng.choice(BOOSTERS))
    rows, columns = int(rng.integers(200, 800)), int(rng.integers(2, 9))
    digits = int(rng.integers(1, 6))
    frame = pd.DataFrame({f"x{i}": rng.normal(size=rows).round(digits).astype(np.float32) for i in range(columns)})
    frame[rng.random(frame.shape) < rng.choice([0, 0.1, 0.3])] = np.nan
    kinds = ["float"] * columns
    for i in range(int(rng.integers(0, 3)) if kind != "gblinear" else 0):
        frame[f"k{i}"] = rng.integers(0, int(rng.integers(2, 70)), rows).astype(np.float32)
        kinds.append("c")
    categories = [name for name in frame if name.startswith("k")]
    signal = np.nan_to_num(frame["x0"].to_numpy()) + np.nan_to_num(frame["x1"].to_numpy()) ** 2
    signal = signal + sum(frame[name].to_numpy() % 3 for name in categories)
    noise = signal + rng.normal(scale=0.3, size=rows)
    target = target_of(objective, noise)
    params = {
        "verbosity": 0, "seed": seed, "nthread": 1, "objective": objective,
        "max_depth": int(rng.integers(1, 8)), "eta": float(rng.choice([0.05, 0.1, 0.5])),
        "booster": kind if kind in ("dart", "gblinear") else "gbtree",
        "min_child_weight": float(rng.choice([0.1, 1])),
    }
    if params["booster"] != "gblinear":
        params |= {"tree_method": str(rng.choice(["hist", "approx"])), "max_cat_to_onehot": int(rng.choice([1, 5, 100]))}
    if kind == "dart":
        params |= {"rate_drop": 0.3, "normalize_type": str(rng.choice(["tree", "forest"]))}
    if kind == "forest":
        params |= {"num_parallel_tree": 3, "subsample": 0.6}
    if objective.startswith("multi:"):
        params["num_class"] = 3
    elif rng.random() < 0.5:
        params["base_score"] = float(rng.choice([0.2, 0.5, 0.9]))
    if objective in ("reg:quantileerror", "reg:expectileerror"):
        params[objective[4:-5] + "_alpha"] = [0.1, 0.5, 0.9] if rng.random() < 0.5 else [0.3]
        params.pop("base_score", None)
    if kind == "targets" and objective in ("reg:squarederror", "reg:absoluteerror", "reg:logistic"):
        target = np.stack([target, 1 - target], axis=1)
    has_levels = objective in ("reg:quantileerror", "reg:expectileerror")
    can_be_vector = target.ndim > 1 or objective.startswith("multi:") or (has_levels and VERSION >= (3, 3))
    if kind == "targets" and can_be_vector and VERSION >= (2, 0) and rng.random() < 0.7:
        params |= {"multi_strategy": "multi_output_tree", "tree_method": "hist"}
    if objective.startswith("binary:") and rng.random() < 0.3:
        params["scale_pos_weight"] = 2.5
    weight = rng.uniform(0.5, 2, rows) if rng.random() < 0.3 and not objective.startswith("rank:") else None
    # Categories by name, which versions since 3.1 store.
    is_named = VERSION >= (3, 1) and len(categories) > 0 and rng.random() < 0.5
    if is_named:
        for name in categories:
            frame[name] = pd.Categorical([f"{name}={code:.0f}" for code in frame[name]])
    shape = {"enable_categorical": True} if is_named else {"feature_names": list(frame), "feature_types": kinds, "enable_categorical": True}
    data = xgb.DMatrix(frame if is_named else frame.to_numpy(), target, weight=weight, **shape)
    if objective == "survival:aft":
        data.set_float_info("label_lower_bound", target)
        data.set_float_info("label_upper_bound", np.where(rng.random(rows) < 0.3, np.inf, target))
    if objective.startswith("rank:"):
        data.set_group([rows // 2, rows - rows // 2])
    stopping = {"early_stopping_rounds": 3, "evals": [(data, "self")]} if rng.random() < 0.2 else {}
    model = xgb.train(params, data, num_boost_round=int(rng.integers(1, 50)), verbose_eval=False, **stopping)

    test = frame.sample(min(rows, 200), random_state=seed).reset_index(drop=True)
    for name in categories:
        test.loc[rng.random(len(test)) < 0.1, name] = np.nan
    given = xgb.DMatrix(test if is_named else test.to_numpy(), **shape)
    # Predicts like scikit-learn's interface.
    best = {"iteration_range": (0, model.best_iteration + 1)} if stopping else {}
    prediction = model.predict(given, **best)
    out = folder / f"{objective.replace(':', '-')}-{kind}-{seed}"
    out.mkdir(parents=True, exist_ok=True)
    model.save_model(out / "model.json")
    model.save_model(out / "model.ubj")

    def write(name, table):
        pd.DataFrame(np.asarray(table).reshape(len(test), -1)).to_csv(out / name, index=False, float_format="%.9g")

    test.to_csv(out / "input.csv", index=False, float_format="%.9g")
    if objective in ("binary:logistic",):
        probability = np.stack([np.float32(1) - prediction, prediction], axis=1)
        expected = {"_target": (prediction > 0.5).astype(int), **{f"probability({i})": probability[:, i] for i in range(2)}}
    elif objective == "multi:softprob":
        expected = {"_target": prediction.argmax(axis=1), **{f"probability({i})": prediction[:, i] for i in range(3)}}
    elif objective in ("multi:softmax", "binary:hinge"):
        expected = {"_target": prediction.astype(int)}
    else:
        expected = {f"_target{i}": column for i, column in enumerate(prediction.reshape(len(test), -1).T)}
    pd.DataFrame(expected).to_csv(out / "expected.csv", index=False, float_format="%.9g")
    write("margin.csv", model.predict(given, output_margin=True, **best))
    if kind != "gblinear":
        write("leaf.csv", model.predict(given, pred_leaf=True, **best).astype(int))
    if params.get("multi_strategy") is None or VERSION >= (3, 3):
        write("contributions.csv", model.predict(given, pred_contribs=True, **best))


folder = Path(sys.argv[1]) / "xgboost"
count = int(sys.argv[2]) if len(sys.argv) > 2 else 200
first = int(sys.argv[3]) if len(sys.argv) > 3 else 1
for seed in range(first, first + count):
    try:
        make(seed, folder)
    except xgb.core.XGBoostError as error:
        # Not every version trains every combination.
        print(f"{seed} is left out:", str(error).splitlines()[0])
